// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import java.util.Locale;

/** Why an address that a policy names is not announced, or a policy not followed. */
public enum AnnouncementReason {
    /** A node selector that cannot be evaluated. */
    BAD_NODE_SELECTOR,
    /** A service selector that cannot be evaluated. */
    BAD_SERVICE_SELECTOR,
    /** An expression over link names that cannot be read. */
    BAD_INTERFACE_REGEX,
    /** The object does not fit its schema. */
    UNREADABLE,
    /** No node is selected, has a matching link that is up, and can serve the address. */
    NO_ELIGIBLE_NODE,
    /** Somebody else has the Service's Lease. */
    FOREIGN_LEASE,
    /** Nodes do not answer for addresses of the family. */
    ADDRESS_FAMILY_NOT_SERVED,
    /** The address is a node's own: nobody else may answer for it. */
    NODE_ADDRESS;

    /** As conditions say it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
