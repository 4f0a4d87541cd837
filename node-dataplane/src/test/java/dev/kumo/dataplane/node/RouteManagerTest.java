// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import static dev.kumo.dataplane.node.Items.entry;
import static dev.kumo.dataplane.node.Items.node;
import static dev.kumo.dataplane.node.Items.removes;
import static dev.kumo.dataplane.node.Items.upserts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.link.Route;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteManagerTest {
    private static final Address OWN = Address.of("172.18.0.11");
    private static final Range W2 = Range.of("10.244.2.0/24");

    private final FakeKernelMap<Range, Route> kernel = new FakeKernelMap<>("routes");

    @Test
    void leadsToOtherNodesPodsThroughTheOverlay() {
        var manager = manager(Routing.VXLAN);
        manager.onUpdate(upserts(
                true,
                entry(node("w1", "172.18.0.11", "10.244.1.0/24")),
                entry(node("w2", "172.18.0.12", "10.244.2.0/24"))));
        manager.apply(Slice.unlimited());
        assertThat(kernel.contents()).isEqualTo(Map.of(W2.toString(), new Route(W2.address(), 24, 7, null, OWN, 1450)));
    }

    @Test
    void leadsToOtherNodesPodsViaTheirNodesWithDirectRoutes() {
        var manager = manager(Routing.DIRECT);
        manager.onUpdate(upserts(true, entry(node("w2", "172.18.0.12", "10.244.2.0/24"))));
        manager.apply(Slice.unlimited());
        assertThat(kernel.contents())
                .isEqualTo(Map.of(W2.toString(), new Route(W2.address(), 24, 2, Address.of("172.18.0.12"), OWN, 0)));
    }

    @Test
    void keepsTheRoutesOfAnEarlierRunUntilTheFeedIsInSyncAndRemovesThoseOfNodesThatAreGone() {
        var gone = Range.of("10.244.9.0/24");
        kernel.update(gone, new Route(gone.address(), 24, 7, null, OWN, 1450));
        var manager = manager(Routing.VXLAN);
        manager.onUpdate(upserts(false, entry(node("w2", "172.18.0.12", "10.244.2.0/24"))));
        manager.apply(Slice.unlimited());
        assertThat(kernel.contents()).containsOnlyKeys(W2.toString(), gone.toString());

        manager.onUpdate(removes(true, Table.NODES.item("w2")));
        manager.apply(Slice.unlimited());
        assertThat(kernel.contents()).isEmpty();
    }

    private RouteManager manager(Routing routing) {
        var routes = new ReconciledMap<>(kernel);
        routes.load();
        return new RouteManager(Items.network(routing), routes);
    }
}
