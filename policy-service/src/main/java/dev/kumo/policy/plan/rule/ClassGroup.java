// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.RuleEndpoint;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules that select some endpoints, and the values of the named ports in them. */
record ClassGroup(List<ResolvedRule> rules, SortedSet<NamedPort> namedPorts) {
    /** @param rules those that select the endpoint, in the order of their names */
    static ClassGroup of(List<ResolvedRule> rules, RuleEndpoint endpoint) {
        var named = rules.stream()
                .flatMap(rule -> rule.elements(Direction.INGRESS))
                .flatMap(ResolvedRule.Element::namedPorts)
                .distinct()
                .toList();
        var ports = endpoint.namedPorts().stream()
                .filter(port -> named.stream()
                        .anyMatch(name -> name.name().equals(port.name())
                                && name.protocols().contains(port.protocol())))
                .collect(Collectors.toCollection(TreeSet::new));
        return new ClassGroup(rules, ports);
    }

    /** What the class's number stands for: not the rules' content, so that an edit keeps it. */
    String key() {
        var names = rules.stream().map(ResolvedRule::name).toList();
        return StableNumbers.key("class", names + " " + namedPorts);
    }

    Stream<ResolvedRule.Element> elements(Direction direction) {
        return rules.stream().flatMap(rule -> rule.elements(direction));
    }

    /** Whether what it means depends on ports that peers name. */
    boolean namesPortsOfPeers() {
        return elements(Direction.EGRESS)
                .anyMatch(element -> element.namedPorts().findAny().isPresent());
    }

    boolean isDefaultDeny(Direction direction) {
        return rules.stream().anyMatch(rule -> rule.rule().isDefaultDeny(direction));
    }

    /** Whether some flow may be stopped. Without default deny only a deny or HTTP rules can do that. */
    boolean isEnforced(Direction direction) {
        return isDefaultDeny(direction)
                || elements(direction)
                        .anyMatch(element ->
                                element.bound().deny() || element.bound().isFilter());
    }

    /** Whether the policy has a rule here that allows anything. */
    boolean allowsBy(PolicyId policy) {
        return rulesOf(policy).anyMatch(ResolvedRule::isAllowing);
    }

    /** What the policy alone says. */
    ClassGroup only(PolicyId policy) {
        return new ClassGroup(rulesOf(policy).toList(), namedPorts);
    }

    /** The same class with nothing that the policy allows. */
    ClassGroup failingClosed(PolicyId policy) {
        return new ClassGroup(
                rules.stream()
                        .map(rule -> rule.rule().policy().equals(policy) ? rule.failingClosed() : rule)
                        .toList(),
                namedPorts);
    }

    private Stream<ResolvedRule> rulesOf(PolicyId policy) {
        return rules.stream().filter(rule -> rule.rule().policy().equals(policy));
    }

    List<PolicyId> policies() {
        return rules.stream().map(rule -> rule.rule().policy()).distinct().toList();
    }
}
