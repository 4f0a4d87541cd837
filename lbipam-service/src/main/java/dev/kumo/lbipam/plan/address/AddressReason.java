// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import java.util.Locale;

/** Why a Service has not all addresses that it asks for, or a pool does not give all that it names. */
public enum AddressReason {
    /** No pool gives such an address. */
    NO_POOL,
    /** The pool with the address selects other Services. */
    POOL_SELECTOR_MISMATCH,
    /** Every address of the pools is given. */
    OUT_OF_IPS,
    /** Another Service has the address. */
    ALREADY_ALLOCATED,
    /** Services that share the address cannot share it with this one. */
    ALREADY_ALLOCATED_INCOMPATIBLE_SERVICE,
    /** The request names something that is no address. */
    INVALID_REQUEST,
    /** Nodes do not serve addresses of the family. */
    ADDRESS_FAMILY_NOT_SERVED,
    /** A loadBalancerClass of Cilium's that is not done here. */
    CLASS_UNSUPPORTED,
    /** Blocks overlap, in one pool or with an older one's. */
    CIDR_OVERLAP,
    /** A block that names no addresses. */
    INVALID_BLOCK,
    /** A selector that cannot be evaluated. */
    INVALID_SELECTOR,
    /** The object does not fit its schema. */
    UNREADABLE;

    /** As conditions say it: the first five are Cilium's own. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
