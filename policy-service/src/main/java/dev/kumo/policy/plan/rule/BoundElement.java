// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyRule;
import dev.kumo.policy.model.rule.RuleElement;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An element and whose it is.
 *
 * @param origin stands for all but its HTTP rules: an edit of these leaves it as it is
 */
record BoundElement(PolicyId policy, String origin, RuleElement element) implements Comparable<BoundElement> {
    private static final Comparator<BoundElement> ORDER = Comparator.comparing(BoundElement::origin)
            .thenComparing(bound -> bound.element().requests().toString());

    static BoundElement of(PolicyRule rule, RuleElement element) {
        var text = "%s %s %s %s %s"
                .formatted(rule.policy(), element.direction(), element.deny(), element.peers(), element.ports());
        return new BoundElement(rule.policy(), StableNumbers.key("element", text), element);
    }

    boolean deny() {
        return element.deny();
    }

    boolean isFilter() {
        return element.requests().isPresent();
    }

    /** Cheap: the planner compares long lists of these. */
    @Override
    public int hashCode() {
        return origin.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof BoundElement bound
                        && origin.equals(bound.origin)
                        && element.requests().equals(bound.element.requests()));
    }

    @Override
    public int compareTo(BoundElement other) {
        return ORDER.compare(this, other);
    }
}
