// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

/** One thing to do for the feeds' certificates; to be done in the order of the plan. */
public sealed interface TrustAction {
    /** There is no authority: make one. */
    record CreateAuthority() implements TrustAction {}

    /** Make a new authority and keep the present one as the previous. */
    record RenewAuthority() implements TrustAction {}

    /** Nothing stands on the previous authority any more: trust it no longer. */
    record DropPrevious() implements TrustAction {}

    /** Tell nodes the authorities that they are to trust. */
    record Publish() implements TrustAction {}

    /** Sign a new leaf for the service. */
    record IssueLeaf(String service) implements TrustAction {}
}
