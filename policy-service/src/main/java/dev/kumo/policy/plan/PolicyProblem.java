// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import java.util.Comparator;

/** Something that was not planned, whose it is, and why. */
public record PolicyProblem(String object, Reason reason, String message) implements Comparable<PolicyProblem> {
    private static final Comparator<PolicyProblem> ORDER = Comparator.comparing(PolicyProblem::object)
            .thenComparing(PolicyProblem::reason)
            .thenComparing(PolicyProblem::message);

    @Override
    public int compareTo(PolicyProblem other) {
        return ORDER.compare(this, other);
    }

    /** Why something was not planned. */
    public enum Reason {
        /** A node reports a pod that is bound to another node or uses its node's own network. */
        FOREIGN_POD,
        /** A node reports an address outside its pod ranges, or the node isn't known. */
        ADDRESS_OUTSIDE_RANGE,
        /** Two pods are reported with the same address; the one with the lower UID has it. */
        ADDRESS_CONFLICT,
        /** All 65,280 numbers are taken. */
        IDENTITIES_EXHAUSTED
    }
}
