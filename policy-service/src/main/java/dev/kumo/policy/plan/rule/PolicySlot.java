// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import java.util.Comparator;

/** A place for HTTP rules; an edit of them changes only the rule set's content. */
public record PolicySlot(int number, Direction direction, int ruleSet) implements Comparable<PolicySlot> {
    private static final Comparator<PolicySlot> ORDER =
            Comparator.comparing(PolicySlot::number).thenComparing(PolicySlot::direction);

    @Override
    public int compareTo(PolicySlot other) {
        return ORDER.compare(this, other);
    }
}
