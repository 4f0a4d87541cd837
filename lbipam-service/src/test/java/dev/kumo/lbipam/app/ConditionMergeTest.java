// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.lbipam.model.ConditionView;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConditionMergeTest {
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00.750Z");
    private static final Set<String> OURS = Set.of("ours");

    @Test
    void othersConditionsStay() {
        var merged = ConditionMerge.merge(List.of(condition("theirs", "True")), List.of(view("False")), OURS, NOW);
        assertThat(merged).extracting(Condition::getType).containsExactly("theirs", "ours");
    }

    @Test
    void theTimeChangesWithTheStatusOnly() {
        var same = ConditionMerge.merge(List.of(condition("ours", "False")), List.of(view("False")), OURS, NOW);
        assertThat(same).extracting(Condition::getLastTransitionTime).containsExactly("2026-01-01T00:00:00Z");
        var turned = ConditionMerge.merge(List.of(condition("ours", "True")), List.of(view("False")), OURS, NOW);
        assertThat(turned).extracting(Condition::getLastTransitionTime).containsExactly("2026-05-01T10:00:00Z");
    }

    @Test
    void oursGoesWhenItIsNotWanted() {
        assertThat(ConditionMerge.merge(List.of(condition("ours", "True")), List.of(), OURS, NOW))
                .isEmpty();
        assertThat(ConditionMerge.merge(null, List.of(), OURS, NOW)).isEmpty();
    }

    private static ConditionView view(String status) {
        return new ConditionView("ours", status, 0, "reason", "message");
    }

    private static Condition condition(String type, String status) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason("before")
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .build();
    }
}
