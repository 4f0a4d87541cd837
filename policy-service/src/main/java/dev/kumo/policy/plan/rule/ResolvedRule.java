// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.PolicyRule;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.RuleElement;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A rule with its peers resolved. */
record ResolvedRule(PolicyRule rule, List<Element> elements) {
    /** An element and whom it is about. */
    record Element(BoundElement bound, PeerSet peers) {
        List<PortMatch> ports() {
            return bound.element().ports();
        }

        Stream<PortMatch.Named> namedPorts() {
            return ports().stream().filter(PortMatch.Named.class::isInstance).map(PortMatch.Named.class::cast);
        }
    }

    static ResolvedRule of(PolicyRule rule, PeerResolver resolver) {
        // Elements of one item share the list of their peers, which may be long.
        Map<List<Peer>, PeerSet> resolved = new IdentityHashMap<>();
        return new ResolvedRule(
                rule,
                rule.elements().stream()
                        .map(element -> new Element(
                                BoundElement.of(rule, element),
                                resolved.computeIfAbsent(element.peers(), resolver::resolve)))
                        .toList());
    }

    Stream<Element> elements(Direction direction) {
        return elements.stream().filter(element -> element.bound().element().direction() == direction);
    }

    boolean isAllowing() {
        return elements.stream().anyMatch(element -> !element.bound().deny());
    }

    /** Allows nothing, denies by default where it would have allowed something, and keeps its denies. */
    ResolvedRule failingClosed() {
        var closed = new PolicyRule(
                rule.policy(),
                rule.index(),
                rule.subject(),
                rule.ingressDefaultDeny() || isAllowing(Direction.INGRESS),
                rule.egressDefaultDeny() || isAllowing(Direction.EGRESS),
                rule.elements().stream().filter(RuleElement::deny).toList());
        return new ResolvedRule(
                closed,
                elements.stream().filter(element -> element.bound().deny()).toList());
    }

    private boolean isAllowing(Direction direction) {
        return elements(direction).anyMatch(element -> !element.bound().deny());
    }

    /** Names the rule, whatever its content. */
    String name() {
        return rule.policy() + "#" + rule.index();
    }
}
