// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import java.util.Map;

/** What the kernel half makes of a class's map, written down naively. */
final class Judge {
    static final PolicyEntry ALLOWED = new PolicyEntry(0, 0);
    static final PolicyEntry DENIED = new PolicyEntry(PolicyEntry.DENY, 0);

    /** A flow as one of its pods sees it; the peer is named by identity. */
    record Flow(int identity, FlowDirection direction, int protocol, int port) {}

    private Judge() {}

    /** @param row null if there is none */
    static PolicyEntry verdict(PolicyClass row, Map<PolicyKey, PolicyEntry> entries, Flow flow) {
        if (row == null) {
            return DENIED;
        }
        int flag = flow.direction() == FlowDirection.INGRESS ? PolicyClass.ENFORCE_INGRESS : PolicyClass.ENFORCE_EGRESS;
        if ((row.flags() & flag) == 0) {
            return ALLOWED;
        }
        var own = longest(entries, flow, flow.identity());
        var found = own == null ? longest(entries, flow, 0) : own;
        return found == null || (found.flags() & PolicyEntry.DENY) != 0 ? DENIED : found;
    }

    private static PolicyEntry longest(Map<PolicyKey, PolicyEntry> entries, Flow flow, int identity) {
        for (int bits = 16; bits >= 0; bits--) {
            int port = flow.port() & ~(0xffff >> bits);
            var found = entries.get(PolicyKey.of(identity, flow.direction(), flow.protocol(), port, bits));
            if (found != null) {
                return found;
            }
        }
        return entries.get(PolicyKey.of(identity, flow.direction()));
    }
}
