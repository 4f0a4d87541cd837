// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.map.MacAddress;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** {@code struct node_config} as it lies in .rodata. */
@RegisterForReflection
record NodeConfigImage(
        long netnsCookie,
        int nodeAddress,
        int ingressAddress,
        int podRange,
        int podMask,
        int clusterRange,
        int clusterMask,
        int deviceIfindex,
        int overlayIfindex,
        List<PortRange> snatPorts,
        MacAddress deviceMac,
        int routingMode,
        int masquerade) {
    /** The variable's name in C. */
    static final String VARIABLE = "node_config";

    /**
     * Source ports of what is translated to the node's own address: what its processes (49152–60999) and NodePorts
     * (30000–32767) leave over. Pods use 32768–49151 too, but on their own addresses.
     */
    private static final List<PortRange> SNAT_PORTS = List.of(new PortRange(32768, 49151), new PortRange(61000, 65535));

    /** Both ends belong to it. */
    @RegisterForReflection
    record PortRange(int first, int last) {}

    /** @param netnsCookie of the node's network namespace, which no other has had since boot */
    static NodeConfigImage of(NodeConfig config, long netnsCookie) {
        return new NodeConfigImage(
                netnsCookie,
                config.nodeAddress().ipv4(),
                config.ingressAddress().ipv4(),
                config.podRange().address().ipv4(),
                config.podRange().mask(),
                config.clusterRange().address().ipv4(),
                config.clusterRange().mask(),
                config.deviceIfindex(),
                config.overlayIfindex(),
                SNAT_PORTS,
                config.deviceMac(),
                config.routing().ordinal(),
                config.masquerade() ? 1 : 0);
    }
}
