// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import java.util.Set;

/** Types and reasons of conditions; all but the last type are Cilium's. */
public final class Conditions {
    /** On a Service: whether it has all addresses that it asks for. */
    public static final String SATISFIED = "cilium.io/IPAMRequestSatisfied";

    static final String REASON_SATISFIED = "satisfied";

    static final String POOL_CONFLICT = "cilium.io/PoolConflict";
    static final String IPS_TOTAL = "cilium.io/IPsTotal";
    static final String IPS_AVAILABLE = "cilium.io/IPsAvailable";
    static final String IPS_USED = "cilium.io/IPsUsed";
    /** Of counts, whose number is the message. */
    static final String REASON_NONE = "noreason";

    static final String REASON_RESOLVED = "resolved";
    /** On a pool, only while False: something in it gives no addresses. */
    static final String SPEC_ACCEPTED = "kumo.dev/SpecAccepted";

    /** Types that are ours on a pool. */
    public static final Set<String> OF_POOL = Set.of(POOL_CONFLICT, IPS_TOTAL, IPS_AVAILABLE, IPS_USED, SPEC_ACCEPTED);

    private Conditions() {}
}
