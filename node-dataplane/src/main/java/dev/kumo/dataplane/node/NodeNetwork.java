// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.dataplane.bpf.NodeConfig;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.link.Link;
import java.util.List;

/**
 * The node's place in the network, fixed for as long as this process runs: another address, range or device is another
 * datapath.
 *
 * @param clusterRange all nodes' pods
 * @param routing how pods of other nodes are reached
 * @param devices LAN devices; the first holds the node's address
 * @param overlay the VXLAN device; with direct routes it carries only what comes from outside the cluster for another node's pod
 */
public record NodeNetwork(LocalNode node, Range clusterRange, Routing routing, List<Link> devices, Link overlay) {
    /** Bytes that VXLAN takes of a packet: IPv4 20, UDP 8, VXLAN 8, Ethernet 14. */
    static final int OVERLAY_OVERHEAD = 50;

    public NodeNetwork {
        devices = List.copyOf(devices);
    }

    /** The LAN device that holds the node's address. */
    public Link device() {
        return devices.getFirst();
    }

    /** Of pods' links and of routes through the overlay, in bytes. Replies to the outside use the overlay in either mode. */
    public int podMtu() {
        return device().mtu() - OVERLAY_OVERHEAD;
    }

    /** @param ingressAddress where gateway traffic leaves from; 0.0.0.0 if there is none */
    public NodeConfig config(Address ingressAddress, boolean masquerade) {
        return new NodeConfig(
                node.address(),
                ingressAddress,
                node.podRange(),
                clusterRange,
                device().index(),
                device().mac(),
                overlay.index(),
                routing,
                masquerade);
    }
}
