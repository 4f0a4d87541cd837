// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.LinkException;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.link.OverlayLink;
import dev.kumo.stream.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Finds the LAN devices, makes the overlay device and sets what forwarding needs. Idempotent. */
public final class NodeDevices {
    /** The overlay device, named as in Cilium. */
    public static final String OVERLAY = "cilium_vxlan";

    private static final Logger LOG = Logger.getLogger(NodeDevices.class);
    private static final int VXLAN_PORT = 8472;

    private final Links links;
    private final List<String> lanDevices;
    private final Range clusterRange;
    private final Routing routing;

    /** @param lanDevices names of the devices that face the LAN; the one that holds the node's address always counts */
    public NodeDevices(Links links, List<String> lanDevices, Range clusterRange, Routing routing) {
        this.links = links;
        this.lanDevices = List.copyOf(lanDevices);
        this.clusterRange = clusterRange;
        this.routing = routing;
    }

    /**
     * Apply-loop thread.
     *
     * @throws LinkException if no device holds the node's address, or the kernel refuses
     */
    public NodeNetwork prepare(LocalNode node) {
        var device = links.findByAddress(node.address())
                .orElseThrow(() ->
                        new LinkException(Reason.KERNEL_ERROR, "no device holds the node's address " + node.address()));
        links.prepareNode();
        var devices = Stream.concat(Stream.of(device), lanDevices.stream().flatMap(this::find))
                .distinct()
                .toList();
        var overlay = links.ensureOverlay(
                new OverlayLink(OVERLAY, VXLAN_PORT, node.address(), device.mtu() - NodeNetwork.OVERLAY_OVERHEAD));
        return new NodeNetwork(node, clusterRange, routing, devices, overlay);
    }

    private Stream<Link> find(String name) {
        var link = links.find(name);
        if (link.isEmpty()) {
            LOG.warnf("device=%s of KUMO_DEVICES does not exist on this node", name);
        }
        return link.stream();
    }
}
