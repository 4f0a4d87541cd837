// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.node.NodeDevices;
import dev.kumo.dataplane.node.NodeNetwork;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a node's devices and brings its datapath into the kernel, or adopts both. Apply-loop thread only; may be repeated. */
final class NodeBuilder {
    private final DataplaneConfig config;
    private final KernelAccess kernel;
    private @Nullable Links links;
    private @Nullable NodeParts parts;

    NodeBuilder(DataplaneConfig config, KernelAccess kernel) {
        this.config = config;
        this.kernel = kernel;
    }

    /**
     * Throws what the kernel refuses.
     *
     * @param ingressAddress of the pod range, where gateway traffic leaves from; 0.0.0.0 if there is none
     */
    NodeParts build(LocalNode node, Address ingressAddress) {
        var network = network(node);
        links().holdAddress(ingressAddress);
        var datapath = kernel.load(network.config(ingressAddress, config.masquerade()));
        var built = NodeParts.adopt(network, links(), datapath);
        parts = built;
        return built;
    }

    /** Occupies the hooks of what was built; programs that an earlier run left are replaced in place. */
    void attach() {
        var built = Objects.requireNonNull(parts);
        for (var device : built.network().devices()) {
            built.datapath().attachNetdev(device.index());
        }
        built.datapath().attachOverlay(built.network().overlay().index());
        built.datapath().attachSockets(kernel.cgroup());
    }

    private NodeNetwork network(LocalNode node) {
        var clusterRange = Range.of(config.podRange());
        if (!clusterRange.contains(node.podRange().address())) {
            throw new IllegalStateException(
                    "the node's pod range " + node.podRange() + " is not in KUMO_POD_RANGE " + clusterRange);
        }
        var devices = new NodeDevices(links(), config.devices(), clusterRange, config.routingMode());
        return devices.prepare(node);
    }

    private Links links() {
        if (links == null) {
            links = kernel.openLinks();
        }
        return links;
    }
}
