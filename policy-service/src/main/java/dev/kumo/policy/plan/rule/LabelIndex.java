// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Identities by each of their labels: a selector that asks for one is put to those that have it, not to all. Immutable once made.
 */
final class LabelIndex {
    private final SortedMap<Integer, SecurityLabels> identities;
    private final Map<String, Map<String, List<Integer>>> byLabel = new HashMap<>();

    LabelIndex(SortedMap<Integer, SecurityLabels> identities) {
        this.identities = identities;
        identities.forEach((number, labels) -> labels.byKey()
                .forEach((key, value) -> byLabel.computeIfAbsent(key, _ -> new HashMap<>())
                        .computeIfAbsent(value, _ -> new ArrayList<>())
                        .add(number)));
    }

    SortedSet<Integer> select(Selector selector) {
        var numbers = new TreeSet<Integer>();
        for (int number : candidates(selector)) {
            var labels = identities.get(number);
            if (labels != null && selector.matches(labels)) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** All that match and maybe others: those that have the rarest of the labels that are asked for. */
    private Collection<Integer> candidates(Selector selector) {
        return selector.requirements().stream()
                .filter(requirement -> requirement.operator() == Requirement.Operator.IN)
                .map(this::having)
                .min(Comparator.comparingInt(List::size))
                .<Collection<Integer>>map(found -> found)
                .orElse(identities.keySet());
    }

    private List<Integer> having(Requirement requirement) {
        return requirement
                .keys()
                .map(key -> byLabel.getOrDefault(key, Map.of()))
                .flatMap(byValue ->
                        requirement.values().stream().flatMap(value -> Stream.ofNullable(byValue.get(value))))
                .flatMap(List::stream)
                .toList();
    }
}
