// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.model.ConditionView;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts our conditions among those of others; the time of one whose status stays is kept (meta/v1 Condition). Stateless. */
final class ConditionMerge {
    private ConditionMerge() {}

    /** @param ours types that are ours: those not wanted go */
    static List<Condition> merge(
            @Nullable List<Condition> present, List<ConditionView> wanted, Set<String> ours, Instant now) {
        var before = present == null ? List.<Condition>of() : present;
        var merged = new ArrayList<Condition>();
        before.stream().filter(condition -> !ours.contains(condition.getType())).forEach(merged::add);
        wanted.forEach(view -> merged.add(condition(before, view, now)));
        return merged;
    }

    private static Condition condition(List<Condition> before, ConditionView view, Instant now) {
        var since = before.stream()
                .filter(condition -> condition.getType().equals(view.type())
                        && condition.getStatus().equals(view.status()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(view.type())
                .withStatus(view.status())
                .withReason(view.reason())
                .withMessage(view.message())
                .withObservedGeneration(view.observedGeneration() == 0 ? null : view.observedGeneration())
                .withLastTransitionTime(since)
                .build();
    }
}
