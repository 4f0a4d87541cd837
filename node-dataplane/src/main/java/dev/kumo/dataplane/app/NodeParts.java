// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.link.Route;
import dev.kumo.dataplane.node.NodeNetwork;
import dev.kumo.dataplane.node.RouteTable;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.service.ServiceMaps;
import java.util.ArrayList;
import java.util.List;

/** What a node's managers work on, once its datapath is loaded. */
record NodeParts(
        NodeNetwork network,
        Links links,
        Datapath datapath,
        ReconciledMap<PrefixKey, Peer> addresses,
        ReconciledMap<Range, Route> routes,
        ServiceMaps services) {

    /** Reads addresses and routes as an earlier run left them; Services' maps are read by their manager. */
    static NodeParts adopt(NodeNetwork network, Links links, Datapath datapath) {
        var addresses = new ReconciledMap<>(datapath.addresses());
        addresses.load();
        var routes = new ReconciledMap<>(new RouteTable(network, links));
        routes.load();
        return new NodeParts(network, links, datapath, addresses, routes, ServiceMaps.of(datapath));
    }

    List<ReconciledMap<?, ?>> maps() {
        var all = new ArrayList<ReconciledMap<?, ?>>(services.all());
        all.add(addresses);
        all.add(routes);
        return all;
    }
}
