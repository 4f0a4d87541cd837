// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;

/**
 * What condition Valid says of a policy, before nodes have acknowledged it.
 *
 * @param reason {@code Accepted}, {@code Unsupported}, {@code Invalid} or {@code PolicyMapFull}
 * @param message names the paths of what is refused; also notes on a valid policy. May be empty
 */
public record PolicyVerdict(PolicyId policy, boolean valid, String reason, String message)
        implements Comparable<PolicyVerdict> {
    @Override
    public int compareTo(PolicyVerdict other) {
        return policy.compareTo(other.policy);
    }
}
