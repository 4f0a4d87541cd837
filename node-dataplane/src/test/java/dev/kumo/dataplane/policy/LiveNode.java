// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.envoy.AdsServer;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.link.KernelLinks;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.dataplane.link.TestNamespace;
import dev.kumo.dataplane.node.AddressManager;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.node.NodeDevices;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.state.StickyNumbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node in a namespace: real links, programs and maps, the stock Envoy, and our managers without the loop around them. */
public final class LiveNode implements AutoCloseable {
    public static final Address INGRESS = Address.of("10.244.1.250");
    public static final Address ADDRESS = Address.of("172.18.0.11");
    private static final LocalNode NODE =
            LocalNode.of(Items.node("w1", ADDRESS.toString(), "10.244.1.0/24")).orElseThrow();

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path folder;
    private final TestNamespace namespace;
    private final KernelLinks links;
    private final Datapath datapath;
    private final AddressManager addresses;
    private final AdsServer ads;
    private final PolicyManager policy;
    private final StickyNumbers ports;
    private EnvoyProcess envoy;

    public LiveNode(Path folder) throws Exception {
        this.folder = folder;
        namespace = kept(TestNamespace.create("live"));
        var pins = TestDatapath.newPins();
        namespace.ip("link", "add", "eth0", "type", "veth", "peer", "name", "lan");
        namespace.ip("link", "set", "lan", "up");
        namespace.ip("link", "set", "eth0", "up");
        namespace.ip("address", "add", ADDRESS + "/16", "dev", "eth0");
        links = kept(namespace.call(KernelLinks::new));
        var network = namespace.call(
                () -> new NodeDevices(links, List.of("eth0"), Range.of("10.244.0.0/16"), Routing.VXLAN).prepare(NODE));
        parts.push(() -> namespace.call(() -> {
            Datapath.remove(pins);
            return true;
        }));
        datapath = kept(namespace.call(() -> Datapath.load(TestDatapath.OBJECTS, pins, network.config(INGRESS, true))));
        namespace.call(() -> {
            datapath.attachNetdev(network.device().index());
            return true;
        });
        namespace.call(() -> {
            links.holdAddress(INGRESS);
            return true;
        });
        var rows = new ReconciledMap<>(datapath.addresses());
        rows.load();
        addresses = new AddressManager(network, rows);
        ads = kept(AdsServer.start(folder.resolve("ads.sock")));
        ports = ListenerPorts.open(Files.createDirectories(folder.resolve("state")));
        policy = new PolicyManager(
                PolicyMaps.of(datapath),
                addresses,
                Files.createDirectories(folder.resolve("state")),
                new PolicyManager.Envoy(ads::publish, ads, ports),
                new PolicyManager.Clocks(() -> System.currentTimeMillis() * 1000, System::nanoTime));
        become(Items.entry(Items.node("w1", ADDRESS.toString(), "10.244.1.0/24")));
        startEnvoy();
    }

    void startEnvoy() throws Exception {
        envoy = EnvoyProcess.start(folder, folder.resolve("ads.sock"), List.of("nsenter", "--net=" + namespace.path()));
        await().atMost(Duration.ofSeconds(30)).until(ads::isConnected);
    }

    public void killEnvoy() throws Exception {
        envoy.kill();
        await().until(() -> !ads.isConnected());
    }

    /** A pod with its link, programs and entries. */
    public LivePod pod(String address, int identity, int classNumber) throws Exception {
        var pod = kept(new LivePod(TestNamespace.create("pod"), Address.of(address)));
        var link = namespace.call(() -> links.createPod(new PodLink(
                "lxc" + String.format("%08x", pod.address().ipv4()),
                pod.namespace().path(),
                "eth0",
                pod.address(),
                ADDRESS,
                1450)));
        namespace.call(() -> {
            datapath.attachPod(link.index());
            return true;
        });
        become(Items.entry(Items.address(address, identity, "w1")));
        datapath.endpointLinks().update(link.index(), new EndpointLink(pod.address(), identity, classNumber));
        datapath.endpoints()
                .update(
                        pod.address(),
                        new Endpoint(
                                link.index(),
                                identity,
                                classNumber,
                                0,
                                MacAddress.ofPod(pod.address()),
                                MacAddress.HOST_SIDE));
        return pod;
    }

    /** The node's own processes. */
    public TestNamespace namespace() {
        return namespace;
    }

    /** Returns once everything is in force, Envoy's part too. */
    public void become(Entry... entries) {
        DesiredChange change = Items.upserts(true, entries);
        addresses.onUpdate(change);
        policy.onUpdate(change);
        assertThat(addresses.apply(Slice.unlimited())).isEqualTo(Applied.done());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> policy.apply(Slice.unlimited()).equals(Applied.done()));
    }

    public Datapath datapath() {
        return datapath;
    }

    public AdsServer ads() {
        return ads;
    }

    public StickyNumbers ports() {
        return ports;
    }

    /** Packets that were dropped, by reason. */
    public Map<String, Long> drops() {
        var drops = new TreeMap<String, Long>();
        datapath.metrics().forEach((key, value) -> {
            if (key.reason() != DropReason.FORWARDED.ordinal()) {
                drops.merge(DropReason.nameOf(key.reason()), value.packets(), Long::sum);
            }
        });
        return drops;
    }

    @Override
    public void close() throws Exception {
        if (envoy != null) {
            envoy.close();
        }
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    private <T extends AutoCloseable> T kept(T part) {
        parts.push(part);
        return part;
    }
}
