// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

/**
 * A field of a policy that is refused.
 *
 * @param path such as {@code spec.ingress[0].toPorts[1].rules.http[0].path}
 */
public record RuleProblem(Kind kind, String path, String message) {
    /** The reason of condition Valid. */
    public enum Kind {
        /** Accepted by the schema, not done by this version. */
        UNSUPPORTED("Unsupported"),
        /** Means nothing, or contradicts another field. */
        INVALID("Invalid");

        private final String reason;

        Kind(String reason) {
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    @Override
    public String toString() {
        return path + ": " + message;
    }
}
