// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.model.NodeView;
import dev.kumo.stream.ReportTable;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartWaitTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<NodeView> NODES = List.of(node("w1", true), node("w2", true), node("w3", false));

    private final ReportTable reports = new ReportTable();
    private final StartWait wait = new StartWait();

    @Test
    void isOverWhenEachReadyNodeHasReported() {
        assertThat(wait.isOver(NODES, reports, START)).isFalse();
        reported("w1");
        assertThat(wait.isOver(NODES, reports, START.plusSeconds(1))).isFalse();

        reported("w2");
        assertThat(wait.isOver(NODES, reports, START.plusSeconds(2))).isTrue();
    }

    @Test
    void isOverAfterFiveSecondsWhoeverIsSilent() {
        assertThat(wait.isOver(NODES, reports, START)).isFalse();
        assertThat(wait.isOver(NODES, reports, START.plusMillis(4999))).isFalse();
        assertThat(wait.remaining(START.plusMillis(4999)).toMillis()).isEqualTo(1);

        assertThat(wait.isOver(NODES, reports, START.plusSeconds(5))).isTrue();
    }

    @Test
    void isOverAtOnceInAClusterWithoutAReadyNodeAndNeverBeginsAgain() {
        assertThat(wait.isOver(List.of(node("w3", false)), reports, START)).isTrue();
        assertThat(wait.isOver(NODES, reports, START.plusSeconds(1))).isTrue();
    }

    private void reported(String node) {
        var stream = new Object();
        reports.opened(node, stream);
        reports.inSync(node, stream, Set.of());
    }

    private static NodeView node(String name, boolean ready) {
        return new NodeView(name, List.of(), List.of(), List.of(), ready, false, false);
    }
}
