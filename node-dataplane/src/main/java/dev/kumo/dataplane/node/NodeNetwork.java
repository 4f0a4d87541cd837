// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.dataplane.bpf.NodeConfig;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.link.Link;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The node's place in the network, fixed for as long as this process runs: another address, range or device is another
 * datapath.
 *
 * @param clusterRange all nodes' pods
 * @param device the LAN device that holds the node's address
 * @param devices all LAN devices, {@code device} first
 * @param overlay the VXLAN device; none with direct routes
 */
public record NodeNetwork(LocalNode node, Range clusterRange, Link device, List<Link> devices, Optional<Link> overlay) {
    /** Bytes that VXLAN takes of a packet: IPv4 20, UDP 8, VXLAN 8, Ethernet 14. */
    static final int OVERLAY_OVERHEAD = 50;

    public NodeNetwork {
        devices = List.copyOf(devices);
    }

    public Routing routing() {
        return overlay.isPresent() ? Routing.VXLAN : Routing.DIRECT;
    }

    /** Of pods' links and of routes to other nodes' pods, in bytes. */
    public int podMtu() {
        return overlay.isPresent() ? device.mtu() - OVERLAY_OVERHEAD : device.mtu();
    }

    public OptionalInt overlayIndex() {
        return overlay.stream().mapToInt(Link::index).findFirst();
    }

    public NodeConfig config(boolean masquerade) {
        return new NodeConfig(
                node.address(),
                node.podRange(),
                clusterRange,
                device.index(),
                device.mac(),
                overlayIndex().orElse(0),
                routing(),
                masquerade);
    }
}
