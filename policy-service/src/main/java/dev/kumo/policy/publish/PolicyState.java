// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.policy.model.rule.PolicyView;

/**
 * What condition {@code Valid} of a policy should say.
 *
 * @param status True or False
 * @param stands whether it need not be written: what the object says is not refuted
 */
public record PolicyState(PolicyView policy, String status, String reason, String message, boolean stands) {
    /** Nodes have not said yet whether the policy is in force. */
    public static final String PENDING = "Pending";

    static PolicyState valid(PolicyView policy, String message) {
        return new PolicyState(policy, "True", "Accepted", message, false);
    }

    static PolicyState refused(PolicyView policy, String reason, String message) {
        return new PolicyState(policy, "False", reason, message, false);
    }

    static PolicyState pending(PolicyView policy, String message, boolean stands) {
        return new PolicyState(policy, "False", PENDING, message, stands);
    }

    /** Whether the policy, or a part of it, cannot be made true. */
    public boolean isRefused() {
        return status.equals("False") && !reason.equals(PENDING);
    }
}
