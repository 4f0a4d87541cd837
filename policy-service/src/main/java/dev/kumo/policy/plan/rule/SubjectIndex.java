// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.Requirement;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the rules that select an endpoint; most are of one namespace, so others need not be asked. */
final class SubjectIndex {
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";

    private final Map<Optional<String>, List<Named>> byNamespace;

    private record Named(String name, ResolvedRule rule) {}

    SubjectIndex(Collection<ResolvedRule> rules) {
        this.byNamespace = rules.stream()
                .map(rule -> new Named(rule.name(), rule))
                .collect(Collectors.groupingBy(named -> namespace(named.rule())));
    }

    /** In the order of their names. */
    List<ResolvedRule> matching(SecurityLabels labels) {
        var own = Optional.ofNullable(labels.byKey().get(Requirement.KUBERNETES + ":" + NAMESPACE));
        return Stream.concat(rules(Optional.empty()), own.stream().flatMap(name -> rules(Optional.of(name))))
                .filter(named -> named.rule().rule().subject().matches(labels))
                .sorted(Comparator.comparing(Named::name))
                .map(Named::rule)
                .toList();
    }

    private Stream<Named> rules(Optional<String> namespace) {
        return byNamespace.getOrDefault(namespace, List.of()).stream();
    }

    /** The only namespace whose endpoints a rule can select; empty if there may be more. */
    private static Optional<String> namespace(ResolvedRule rule) {
        return rule.rule().subject().requirements().stream()
                .filter(requirement -> requirement.source().equals(Requirement.KUBERNETES)
                        && requirement.key().equals(NAMESPACE)
                        && requirement.operator() == Requirement.Operator.IN
                        && requirement.values().size() == 1)
                .map(requirement -> requirement.values().first())
                .findFirst();
    }
}
