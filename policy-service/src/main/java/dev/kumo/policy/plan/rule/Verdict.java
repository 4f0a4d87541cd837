// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;
import java.util.List;

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
}
