// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.stream.ReportTable;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportWaitTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<String> READY = Set.of("w1", "w2");

    private final ReportTable reports = new ReportTable();
    private final ReportWait wait = new ReportWait();

    @Test
    void isOverWhenEachReadyNodeHasReported() {
        assertThat(wait.isOver(READY, reports, START)).isFalse();
        reported("w1");
        assertThat(wait.isOver(READY, reports, START.plusSeconds(1))).isFalse();

        reported("w2");
        assertThat(wait.isOver(READY, reports, START.plusSeconds(2))).isTrue();
    }

    @Test
    void isOverAfterFiveSecondsWhoeverIsSilent() {
        assertThat(wait.isOver(READY, reports, START)).isFalse();
        assertThat(wait.isOver(READY, reports, START.plusMillis(4999))).isFalse();
        assertThat(wait.remaining(START.plusMillis(4999)).toMillis()).isEqualTo(1);

        assertThat(wait.isOver(READY, reports, START.plusSeconds(5))).isTrue();
    }

    @Test
    void isOverAtOnceInAClusterWithoutAReadyNodeAndNeverBeginsAgain() {
        assertThat(wait.isOver(Set.of(), reports, START)).isTrue();
        assertThat(wait.isOver(READY, reports, START.plusSeconds(1))).isTrue();
    }

    private void reported(String node) {
        var stream = new Object();
        reports.opened(node, stream);
        reports.inSync(node, stream, Set.of());
    }
}
