// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.contract.policy.v1.Node;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.link.Route;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.OwnedMap;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Routes to other nodes' pods: through the overlay device, or via the node's address where all nodes share a LAN. Packets of
 * pods are redirected past them; they serve the node's own processes and tell the kernel's stack that the range is reachable.
 */
public final class RouteManager implements Manager {
    private final NodeNetwork network;
    private final OwnedMap<Range, Route> rows;
    private boolean inSync;

    /** @param routes loaded with those that an earlier run left */
    public RouteManager(NodeNetwork network, ReconciledMap<Range, Route> routes) {
        this.network = network;
        this.rows = new OwnedMap<>(routes, Comparator.naturalOrder());
    }

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public Priority priority() {
        return Priority.REST;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.NODES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        inSync = change.inSync();
        change.removes(Table.NODES).forEach(name -> rows.remove(Table.NODES.item(name)));
        change.upserts(Table.NODES).forEach((name, node) -> rows.set(Table.NODES.item(name), routesTo(name, node)));
    }

    @Override
    public Applied apply(Slice slice) {
        return rows.apply(slice, inSync);
    }

    private Map<Range, Route> routesTo(String name, Node node) {
        var routes = new LinkedHashMap<Range, Route>();
        var via = LocalNode.internalAddressOf(node);
        if (!name.equals(network.node().name()) && via.isPresent()) {
            node.getPodRangesList().stream()
                    .flatMap(LocalNode::rangeOf)
                    .forEach(range -> routes.put(range, route(range, via.get())));
        }
        return routes;
    }

    private Route route(Range range, Address via) {
        var source = network.node().address();
        return switch (network.routing()) {
            case VXLAN ->
                new Route(range.address(), range.bits(), network.overlay().index(), null, source, network.podMtu());
            case DIRECT ->
                new Route(range.address(), range.bits(), network.device().index(), via, source, 0);
        };
    }
}
