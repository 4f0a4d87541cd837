// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import dev.kumo.dataplane.bpf.NodeConfig;
import dev.kumo.dataplane.bpf.RepeatedRun;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Node 172.18.0.11 with its pods, one other node with a pod, and services as the test says. Packets are run at its hooks one at
 * a time; the device is always lo, which stands for each pod's link in turn.
 */
final class Node implements AutoCloseable {
    static final String ADDRESS = "172.18.0.11";
    static final String OTHER_NODE = "172.18.0.12";
    static final String CLIENT = "172.18.0.50";
    static final String POD = "10.244.1.10";
    static final String SECOND_POD = "10.244.1.20";
    static final String REMOTE_POD = "10.244.2.20";
    static final String SERVICE = "10.96.0.10";
    static final int POD_IDENTITY = 70010;
    static final int SECOND_IDENTITY = 70020;
    static final int REMOTE_IDENTITY = 70030;
    static final int TCP = 6;
    static final int UDP = 17;
    private static final int LO = 1;
    private static final List<String> REMEMBERED = List.of("ct", "ct_pending", "proxy_flows", "affinity", "fragments");
    private static final int LONGEST_KEY = 64;

    private final TestDatapath kernel;
    private final Map<String, Integer> identities = new HashMap<>();
    private final Map<String, Integer> classes = new HashMap<>();
    private final Map<String, Integer> remembered = new HashMap<>();
    private int backends;
    private int sets;

    Node(NodeConfig.Routing routing) {
        this(routing, true);
    }

    Node(NodeConfig.Routing routing, boolean masquerade) {
        var config = TestDatapath.CONFIG;
        kernel = TestDatapath.load(new NodeConfig(
                config.nodeAddress(),
                config.ingressAddress(),
                config.podRange(),
                config.clusterRange(),
                config.deviceIfindex(),
                config.deviceMac(),
                config.overlayIfindex(),
                routing,
                masquerade));
        peer("10.244.0.0", 16, 0, null);
        peer("10.244.1.0", 24, 0, null);
        peer("10.244.2.0", 24, 0, OTHER_NODE);
        peer(ADDRESS, 32, 1, null);
        peer(OTHER_NODE, 32, 6, OTHER_NODE);
        peer(REMOTE_POD, 32, REMOTE_IDENTITY, OTHER_NODE);
        pod(POD, POD_IDENTITY);
        pod(SECOND_POD, SECOND_IDENTITY);
    }

    void pod(String address, int identity) {
        identities.put(address, identity);
        peer(address, 32, identity, null);
        kernel.datapath()
                .endpoints()
                .update(
                        Address.of(address),
                        new Endpoint(LO, identity, 0, 0, MacAddress.ofPod(Address.of(address)), MacAddress.HOST_SIDE));
    }

    void peer(String prefix, int bits, int identity, String node) {
        int tunnel = node == null ? 0 : Address.of(node).ipv4();
        kernel.datapath().addresses().update(PrefixKey.of(Address.of(prefix), bits), new Peer(identity, tunnel));
    }

    /** The class that a pod belongs to from now on. */
    void podClass(String pod, int number) {
        classes.put(pod, number);
    }

    void policy(int number, long revision, int enforced, Policy.Rule... rules) {
        Policy.put(kernel, number, revision, enforced, rules);
    }

    void slot(int slot, int port) {
        Policy.slot(kernel, slot, port);
    }

    int backend(String address, int port, int protocol) {
        int flags = identities.containsKey(address) ? Backend.LOCAL : 0;
        kernel.datapath().backends().update(++backends, new Backend(Address.of(address), port, protocol, flags));
        return backends;
    }

    void removeBackend(int number) {
        kernel.datapath().backends().delete(number);
    }

    /** A frontend of its own set, in one scope. */
    void frontend(FrontendKey key, int service, int flags, int affinitySeconds, int... numbers) {
        int set = ++sets;
        for (int i = 0; i < numbers.length; i++) {
            kernel.datapath().backendSets().update(new BackendSlot(set, i), numbers[i]);
        }
        kernel.datapath()
                .frontends()
                .update(key, new Frontend(service, set, numbers.length, flags, affinitySeconds, 0));
    }

    void clusterIp(int port, int protocol, int... numbers) {
        frontend(new FrontendKey(Address.of(SERVICE), port, protocol, FrontendKey.INTERNAL), 1, 0, 0, numbers);
        frontend(new FrontendKey(Address.of(SERVICE), 0, 0, FrontendKey.INTERNAL), 0, 0, 0);
    }

    void nodePort(int port, int protocol, int... numbers) {
        for (int scope : new int[] {FrontendKey.INTERNAL, FrontendKey.EXTERNAL}) {
            frontend(new FrontendKey(Address.of(ADDRESS), port, protocol, scope), 2, Frontend.NODE_PORT, 0, numbers);
        }
    }

    /** A frontend of Envoy's, without backends unless some are given. */
    void redirected(FrontendKey key, int flags, int slot, int... numbers) {
        frontend(key, 3, flags, 0, numbers);
        var frontends = kernel.datapath().frontends();
        var value = frontends.lookup(key).orElseThrow();
        frontends.update(key, new Frontend(value.service(), value.set(), value.count(), flags, 0, slot));
    }

    void sourceRange(int service, String prefix, int bits) {
        kernel.datapath().sourceRanges().update(SourceRangeKey.of(service, Address.of(prefix), bits), 1);
    }

    /** The node answers for the address, or as the row says. */
    void announce(String address, Announcement row) {
        kernel.datapath().announcements().update(new AnnouncementKey(Address.of(address), LO), row);
    }

    Announcement announcement(String address) {
        return kernel.datapath()
                .announcements()
                .lookup(new AnnouncementKey(Address.of(address), LO))
                .orElseThrow();
    }

    Outcome fromPod(Packet packet) {
        return fromPod(packet.source(), packet.frame());
    }

    Outcome fromPod(String pod, byte[] frame) {
        linkIs(pod);
        return run("from_pod", frame, 0);
    }

    /** What to_pod of the same link has turned round. */
    Outcome fromPod(String pod, Packet packet, int mark) {
        linkIs(pod);
        return run("from_pod", packet.frame(), mark);
    }

    Outcome toPod(Packet packet, int mark) {
        return toPod(packet.destination(), packet, mark);
    }

    Outcome toPod(String pod, Packet packet, int mark) {
        linkIs(pod);
        return run("to_pod", packet.frame(), mark);
    }

    Outcome fromNetdev(Packet packet) {
        return run("from_netdev", packet.frame(), 0);
    }

    Outcome toNetdev(Packet packet, int mark) {
        return run("to_netdev", packet.frame(), mark);
    }

    Outcome toOverlay(Packet packet, int mark) {
        return run("to_overlay", packet.frame(), mark);
    }

    Outcome run(String program, byte[] frame, int mark) {
        var before = counters();
        var run = kernel.run(program, frame, LO, mark);
        var after = counters();
        var changed = after.keySet().stream()
                .filter(reason -> !Objects.equals(after.get(reason), before.get(reason)))
                .toList();
        if (changed.size() != 1) {
            throw new AssertionError("a packet is counted once, not as " + changed);
        }
        return new Outcome(run, changed.getFirst());
    }

    /** Entries of one of the maps that have no Java record. */
    int connections(String map) {
        return kernel.entries(map, 40);
    }

    /** Empties what the kernel half remembers of packets. */
    void forget() {
        var key = new byte[LONGEST_KEY];
        for (var map : REMEMBERED) {
            int fd = remembered.computeIfAbsent(map, kernel::mapDescriptor);
            while (BpfSyscall.nextKey(fd, null, key) == 0 && BpfSyscall.delete(fd, key) == 0) {}
        }
    }

    /** Fills a map with entries of zeroes until it takes no more. */
    void fill(String map, int keySize, int valueSize) {
        int fd = kernel.mapDescriptor(map);
        var key = ByteBuffer.allocate(keySize);
        var value = new byte[valueSize];
        int result = 0;
        for (int number = 0; result == 0; number++) {
            result = BpfSyscall.update(fd, key.putInt(0, number).array(), value);
        }
    }

    /**
     * Nanoseconds of one run of a program on a packet, the mean of many.
     *
     * @throws AssertionError unless each of them was let pass
     */
    int nanos(RepeatedRun runs, String program, String pod, Packet packet, int mark, int firstPort, int repeat) {
        linkIs(pod);
        long before = counters().getOrDefault(DropReason.FORWARDED, 0L);
        int nanos = runs.nanos(kernel.programDescriptor(program), packet.frame(), LO, mark, firstPort, repeat);
        long passed = counters().getOrDefault(DropReason.FORWARDED, 0L) - before;
        if (passed != repeat) {
            throw new AssertionError(program + " let " + passed + " of " + repeat + " pass: " + packet);
        }
        return nanos;
    }

    /** Descriptor of a program. */
    int program(String name) {
        return kernel.programDescriptor(name);
    }

    /** Connections that nobody has answered are forgotten. */
    void forgetUnanswered() {
        kernel.clear("ct_pending", 40);
    }

    private Map<DropReason, Long> counters() {
        var counters = new HashMap<DropReason, Long>();
        kernel.datapath()
                .metrics()
                .forEach((key, value) -> counters.merge(DropReason.values()[key.reason()], value.packets(), Long::sum));
        return counters;
    }

    void linkIs(String pod) {
        var links = kernel.datapath().endpointLinks();
        var identity = identities.get(pod);
        if (identity == null) {
            links.delete(LO);
        } else {
            links.update(LO, new EndpointLink(Address.of(pod), identity, classes.getOrDefault(pod, 0)));
        }
    }

    @Override
    public void close() {
        kernel.close();
    }
}
