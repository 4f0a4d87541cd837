// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.List;

/**
 * One rule of a policy.
 *
 * @param index which of the policy's rules; stays when another is edited
 * @param subject the endpoints that it is for
 * @param ingressDefaultDeny whether what no rule allows is denied to them, incoming
 * @param egressDefaultDeny the same, outgoing
 */
public record PolicyRule(
        PolicyId policy,
        int index,
        Selector subject,
        boolean ingressDefaultDeny,
        boolean egressDefaultDeny,
        List<RuleElement> elements) {
    public PolicyRule {
        elements = List.copyOf(elements);
    }

    /** Whether it denies by default in this direction. */
    public boolean isDefaultDeny(Direction direction) {
        return direction == Direction.INGRESS ? ingressDefaultDeny : egressDefaultDeny;
    }
}
