// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.dataplane.bpf.TestCgroup;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.link.TestNamespace;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.policy.LiveNode;
import dev.kumo.dataplane.policy.LivePod;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.service.NumberFile;
import dev.kumo.dataplane.service.Numbers;
import dev.kumo.dataplane.service.ServiceManager;
import dev.kumo.dataplane.service.ServiceMaps;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.StateItem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Gateway traffic on a node in a namespace, with the stock Envoy, and a host outside on the node's LAN. */
final class LiveGateway implements AutoCloseable {
    static final String OUTSIDE = "172.18.0.50";
    private static final int PATIENCE_MILLIS = 15_000;

    final LiveNode node;
    final TestNamespace outside;
    private final TestCgroup cgroup;
    private final ServiceManager services;
    private final GatewayManager gateway;
    private final Map<String, Long> accepted = new ConcurrentHashMap<>();

    LiveGateway(Path folder) throws Exception {
        cgroup = TestCgroup.enter();
        node = new LiveNode(folder);
        outside = TestNamespace.create("outside");
        node.namespace()
                .ip("link", "set", "lan", "netns", outside.path().getFileName().toString());
        outside.ip("address", "add", OUTSIDE + "/16", "dev", "lan");
        outside.ip("link", "set", "lan", "up");
        var datapath = node.datapath();
        datapath.attachSockets(cgroup.path());
        services = new ServiceManager(
                "w1",
                ServiceMaps.of(datapath),
                new Numbers(new NumberFile(folder.resolve("numbers.json"))),
                new GatewayNode.NoHealthChecks());
        var rows = new ReconciledMap<>(datapath.slots().where(slot -> !ListenerPorts.isOfPolicy(slot)));
        rows.load();
        gateway = new GatewayManager(
                new GatewayManager.Place("w1", Optional.of(LiveNode.INGRESS), folder),
                rows,
                services,
                new GatewayManager.Envoy(node.ads()::publish, node.ads(), node.ports()),
                new GatewayManager.Reports(this::report, _ -> {}));
        services.onUpdate(
                Items.upserts(true, Items.entry(Items.node("w1", LiveNode.ADDRESS.toString(), "10.244.1.0/24"))));
        node.become(Items.entry(Items.address(LiveNode.INGRESS.toString(), 8, "w1")));
    }

    void services(Entry... entries) {
        var change = new DesiredChange(FeedMethods.SERVICE, List.of(entries), List.of(), true);
        gateway.onUpdate(change);
        services.onUpdate(change);
        apply();
    }

    /** Returns once Envoy goes by all of the listeners and routes among them and frontends lead there. */
    void become(Entry... entries) {
        gateway.onUpdate(new DesiredChange(FeedMethods.ENVOY, List.of(entries), List.of(), true));
        var wanted = new ArrayList<>(List.of(entries));
        wanted.removeIf(entry ->
                !entry.key().key().contains("Listener|") && !entry.key().key().contains("RouteConfiguration|"));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            apply();
            return wanted.stream()
                    .allMatch(entry -> Long.valueOf(ContentHash.of(ContentHash.serialize(entry.message())))
                            .equals(accepted.get(entry.key().key())));
        });
    }

    LivePod.Connection connect(TestNamespace from, String address, int port) throws Exception {
        return from.call(() -> {
            var socket = new Socket();
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), PATIENCE_MILLIS);
            return new LivePod.Connection(socket);
        });
    }

    /** One request over a connection of its own: status and who the backend says has asked. */
    String get(TestNamespace from, String address, int port) throws Exception {
        try (var connection = connect(from, address, port)) {
            return connection.get("/");
        }
    }

    private void apply() {
        for (int turn = 0; turn < 3; turn++) {
            gateway.apply(Slice.unlimited());
            services.apply(Slice.unlimited());
        }
        gateway.apply(Slice.unlimited());
    }

    private void report(StateItem item) {
        if (!item.key().table().equals("resource_states")) {
            return;
        }
        try {
            var state = ResourceState.parseFrom(item.value());
            accepted.put(state.getKey(), state.getAccepted());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        node.close();
        outside.close();
        cgroup.close();
    }
}
