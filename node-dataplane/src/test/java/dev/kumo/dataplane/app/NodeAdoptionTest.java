// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.link.KernelLinks;
import dev.kumo.dataplane.link.TestNamespace;
import dev.kumo.dataplane.node.AddressManager;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.node.NodeDevices;
import dev.kumo.dataplane.node.RouteManager;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Slice;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node's devices, routes and addresses in the real kernel, by one run and found again by the next. */
@Tag("privileged")
class NodeAdoptionTest {
    private static final LocalNode NODE =
            LocalNode.of(Items.node("w1", "172.18.0.11", "10.244.1.0/24")).orElseThrow();

    private TestNamespace namespace;
    private Path pins;

    @BeforeEach
    void makeNode() throws Exception {
        namespace = TestNamespace.create("adopt");
        pins = TestDatapath.newPins();
        namespace.ip("link", "add", "eth0", "type", "veth", "peer", "name", "lan");
        namespace.ip("link", "set", "lan", "up");
        namespace.ip("link", "set", "eth0", "up");
        namespace.ip("address", "add", "172.18.0.11/16", "dev", "eth0");
    }

    @AfterEach
    void removeNode() throws Exception {
        namespace.call(() -> {
            Datapath.remove(pins);
            return true;
        });
        namespace.close();
    }

    @Test
    void theNextRunFindsEverythingAsItShallBe() throws Exception {
        var first = run(Routing.VXLAN, true);
        assertThat(namespace.ip("route", "show", "10.244.2.0/24"))
                .contains("dev cilium_vxlan")
                .contains("src 172.18.0.11")
                .contains("mtu 1450");
        assertThat(namespace.ip("-d", "link", "show", "cilium_vxlan"))
                .contains("mtu 1450")
                .contains("8472");
        assertThat(first.pendingAtStart()).isPositive();

        var second = run(Routing.VXLAN, false);

        assertThat(second.pendingAtStart()).isZero();
        assertThat(second.overlay()).isEqualTo(first.overlay());
        assertThat(second.peer())
                .isEqualTo(new Peer(400, Address.of("172.18.0.12").ipv4()));
    }

    @Test
    void anotherRoutingModeReplacesTheRoutes() throws Exception {
        run(Routing.VXLAN, true);
        run(Routing.DIRECT, true);
        assertThat(namespace.ip("route", "show", "10.244.2.0/24"))
                .contains("via 172.18.0.12 dev eth0")
                .doesNotContain("cilium_vxlan");
        assertThat(run(Routing.DIRECT, false).pendingAtStart()).isZero();
    }

    private record Run(int pendingAtStart, int overlay, Peer peer) {}

    /** What one process does with its node and one other, from start to end. */
    private Run run(Routing routing, boolean attach) throws Exception {
        return namespace.call(() -> {
            try (var links = new KernelLinks()) {
                var network = new NodeDevices(links, List.of("eth0"), Range.of("10.244.0.0/16"), routing).prepare(NODE);
                try (var datapath =
                        Datapath.load(TestDatapath.OBJECTS, pins, network.config(Address.ofIpv4(0), true))) {
                    var parts = NodeParts.adopt(network, links, datapath);
                    if (attach) {
                        datapath.attachNetdev(network.device().index());
                        datapath.attachOverlay(network.overlay().index());
                    }
                    var addresses = new AddressManager(network, parts.addresses());
                    var routes = new RouteManager(network, parts.routes());
                    var change = Items.upserts(
                            true,
                            Items.entry(Items.node("w1", "172.18.0.11", "10.244.1.0/24")),
                            Items.entry(Items.node("w2", "172.18.0.12", "10.244.2.0/24")),
                            Items.entry(Items.address("10.244.2.7", 400, "w2")));
                    addresses.onUpdate(change);
                    routes.onUpdate(change);
                    int pending = parts.addresses().pending() + parts.routes().pending();
                    assertThat(addresses.apply(Slice.unlimited())).isEqualTo(Applied.done());
                    assertThat(routes.apply(Slice.unlimited())).isEqualTo(Applied.done());
                    var peer = datapath.addresses().lookup(PrefixKey.of(Address.of("10.244.2.7")));
                    return new Run(pending, network.overlay().index(), peer.orElseThrow());
                }
            }
        });
    }
}
