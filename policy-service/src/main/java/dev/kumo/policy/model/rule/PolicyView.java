// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.Optional;

/**
 * A policy's object.
 *
 * @param generation changes with each edit of what its author wrote
 * @param condition {@code Valid} as it stands in the object; empty if there is none, as always of a NetworkPolicy
 */
public record PolicyView(ParsedPolicy policy, String uid, long generation, Optional<Condition> condition) {
    /** @param since when the status last changed, as text (RFC 3339); empty if nobody said */
    public record Condition(String status, String reason, String message, String since) {
        /** Whether it says the same, whenever that began. */
        public boolean says(String otherStatus, String otherReason, String otherMessage) {
            return status.equals(otherStatus) && reason.equals(otherReason) && message.equals(otherMessage);
        }
    }
}
