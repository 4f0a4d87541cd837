// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What happens to flows at one point of (peer, protocol, port).
 *
 * @param policies that make it so, sorted
 * @param filters the elements whose HTTP rules decide, of {@link Kind#FILTER}; else empty
 */
record Verdict(Kind kind, List<PolicyId> policies, List<BoundElement> filters) {
    enum Kind {
        /** No rule speaks of it. */
        NONE,
        DENY,
        ALLOW,
        FILTER
    }

    static final Verdict NONE = new Verdict(Kind.NONE, List.of(), List.of());
    /** No rule speaks of it, and none asks for default deny. */
    static final Verdict PASS = new Verdict(Kind.ALLOW, List.of(), List.of());

    /** Deny beats allow, allow beats HTTP rules, of which each adds. */
    static Verdict of(Collection<BoundElement> covering, Verdict fallback) {
        if (covering.isEmpty()) {
            return fallback;
        }
        var denies = policies(covering.stream().filter(BoundElement::deny));
        if (!denies.isEmpty()) {
            return new Verdict(Kind.DENY, denies, List.of());
        }
        var allows = policies(covering.stream().filter(element -> !element.isFilter()));
        if (!allows.isEmpty()) {
            return new Verdict(Kind.ALLOW, allows, List.of());
        }
        return new Verdict(
                Kind.FILTER,
                policies(covering.stream()),
                covering.stream().distinct().toList());
    }

    private static List<PolicyId> policies(Stream<BoundElement> elements) {
        return elements.map(BoundElement::policy).distinct().sorted().toList();
    }
}
