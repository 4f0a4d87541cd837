// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import java.util.Set;
import java.util.TreeSet;

/** What becomes of a flow. @param requests HTTP rules of which one must match, of {@link Kind#FILTER} */
record Decision(Kind kind, Set<String> requests) {
    enum Kind {
        ALLOW,
        DENY,
        FILTER
    }

    static final Decision ALLOW = new Decision(Kind.ALLOW, Set.of());
    static final Decision DENY = new Decision(Kind.DENY, Set.of());

    static Decision filter(Set<String> requests) {
        return new Decision(Kind.FILTER, new TreeSet<>(requests));
    }
}
