// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The elements that speak of a point of (peer, protocol, port), kept while the port moves on. Not thread-safe. */
final class Tally {
    private final SortedMap<PolicyId, Integer> denies = new TreeMap<>();
    private final SortedMap<PolicyId, Integer> allows = new TreeMap<>();
    private final SortedMap<BoundElement, Integer> filters = new TreeMap<>();

    void add(BoundElement element) {
        count(element, 1);
    }

    void remove(BoundElement element) {
        count(element, -1);
    }

    private void count(BoundElement element, int step) {
        if (element.deny()) {
            count(denies, element.policy(), step);
        } else if (element.isFilter()) {
            count(filters, element, step);
        } else {
            count(allows, element.policy(), step);
        }
    }

    private static <K> void count(SortedMap<K, Integer> counts, K key, int step) {
        counts.merge(key, step, Integer::sum);
        counts.remove(key, 0);
    }

    /** Deny beats allow, allow beats HTTP rules, of which each adds. @param fallback where no element speaks */
    Verdict verdict(Verdict fallback) {
        if (!denies.isEmpty()) {
            return new Verdict(Verdict.Kind.DENY, List.copyOf(denies.keySet()), List.of());
        }
        if (!allows.isEmpty()) {
            return new Verdict(Verdict.Kind.ALLOW, List.copyOf(allows.keySet()), List.of());
        }
        if (filters.isEmpty()) {
            return fallback;
        }
        var policies = filters.keySet().stream()
                .map(BoundElement::policy)
                .distinct()
                .sorted()
                .toList();
        return new Verdict(Verdict.Kind.FILTER, policies, List.copyOf(filters.keySet()));
    }
}
