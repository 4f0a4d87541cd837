// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.FakeMapOfMaps;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.envoy.EnvoyAnswers;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.node.AddressManager;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A node's maps of policy and an Envoy, in memory; the managers over them, which a restart makes anew. */
final class PolicyNode implements EnvoyAnswers {
    final FakeKernelMap<Integer, PolicyClass> classes = new FakeKernelMap<>("classes");
    final FakeMapOfMaps<Integer, PolicyKey, PolicyEntry> policies;
    final FakeKernelMap<Integer, SlotPort> slots = new FakeKernelMap<>("slots");
    final FakeKernelMap<PrefixKey, Peer> addresses = new FakeKernelMap<>("addresses");
    final FakeKernelMap<Address, Endpoint> endpoints = new FakeKernelMap<>("endpoints");
    final FakeKernelMap<Integer, EndpointLink> links = new FakeKernelMap<>("endpoint_links");
    /** What happened to Envoy and the rows of slots, in order. */
    final List<String> events = new ArrayList<>();

    final Map<ResourceName, EnvoyResource> published = new TreeMap<>();
    final Set<String> held = new HashSet<>();
    final Map<String, String> refusals = new HashMap<>();
    boolean connected = true;
    /** Which of what is published Envoy takes at once. */
    Predicate<EnvoyResource> takes = _ -> true;

    long nanos = 1_000_000_000L;
    private final Path state;
    private final boolean ownEnvoy;
    private PolicyManager.Envoy envoy;
    /** What the manager said last that it can't make true. */
    List<ItemRefusal> standing = List.of();

    private AddressManager addressManager;
    private PolicyManager policy;
    private PolicySweep sweep;

    PolicyNode(Path state, int capacity) {
        this.state = state;
        ownEnvoy = true;
        policies = new FakeMapOfMaps<>("policies", capacity);
        slots.watch((slot, port) -> events.add("row " + slot + " " + port.map(SlotPort::port)));
        start();
    }

    PolicyNode(Path state) {
        this(state, 16_384);
    }

    /** With another Envoy than this. */
    PolicyNode(Path state, PolicyManager.Envoy envoy) {
        this.state = state;
        this.envoy = envoy;
        ownEnvoy = false;
        policies = new FakeMapOfMaps<>("policies", 16_384);
        start();
    }

    /** A new process over what is there. */
    void start() {
        if (ownEnvoy) {
            envoy = new PolicyManager.Envoy(this::publish, this, ListenerPorts.open(state));
        }
        var rows = new ReconciledMap<>(addresses);
        rows.load();
        addressManager = new AddressManager(Items.network(Routing.VXLAN), rows);
        policy = new PolicyManager(
                new PolicyMaps(classes, policies, slots),
                addressManager,
                state,
                envoy,
                new PolicyManager.Clocks(() -> 1000, () -> nanos));
        policy.onRefusals(refusals -> standing = List.copyOf(refusals));
        sweep = new PolicySweep(policy, endpoints, links);
    }

    /** One turn after another until nothing is left to do, as the loop would. */
    Applied become(DesiredChange change) {
        tell(change);
        return apply();
    }

    void tell(DesiredChange change) {
        policy.onUpdate(change);
        addressManager.onUpdate(change);
        sweep.onUpdate(change);
    }

    Applied apply() {
        var applied = applyOnce(Slice.ofSteps(7));
        for (int turns = 0; applied instanceof Applied.More; turns++) {
            assertThat(turns).isLessThan(100_000);
            applied = applyOnce(Slice.ofSteps(7));
        }
        assertThat(addressManager.apply(Slice.unlimited())).isEqualTo(Applied.done());
        if (!(applied instanceof Applied.Later)) {
            assertThat(sweep.apply(Slice.unlimited())).isEqualTo(Applied.done());
        }
        return applied;
    }

    Applied applyOnce(Slice slice) {
        return policy.apply(slice);
    }

    /** The Envoy of this node, for a manager over other maps. */
    PolicyManager.Envoy envoy() {
        return envoy;
    }

    /** A pod of a class, in the kernel's maps. */
    void pod(String address, int classNumber) {
        endpoints.update(
                Address.of(address), new Endpoint(5, 300, classNumber, 0, MacAddress.HOST_SIDE, MacAddress.HOST_SIDE));
    }

    /** What the kernel's programs would say of a flow between a pod of a class and a peer outside. */
    PolicyEntry verdict(int classNumber, FlowDirection direction, String peer, int protocol, int port) {
        return verdict(classNumber, direction, identityOf(Address.of(peer)), protocol, port);
    }

    PolicyEntry verdict(int classNumber, FlowDirection direction, int identity, int protocol, int port) {
        var row = classes.lookup(classNumber).orElse(null);
        var entries = new HashMap<PolicyKey, PolicyEntry>();
        policies.at(classNumber).ifPresent(map -> map.forEach(entries::put));
        return Judge.verdict(row, entries, new Judge.Flow(identity, direction, protocol, port));
    }

    int identityOf(Address address) {
        for (int bits = 128; bits >= 0; bits--) {
            var peer = addresses.lookup(new PrefixKey(bits, address.truncate(bits)));
            if (peer.isPresent()) {
                return peer.get().identity();
            }
        }
        return ClassRules.WORLD;
    }

    private void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes) {
        for (var name : removes) {
            published.remove(name);
            events.add("remove " + name.type() + " " + name.name());
        }
        for (var resource : upserts) {
            published.put(resource.name(), resource);
            events.add(
                    "publish " + resource.name().type() + " " + resource.name().name());
            if (takes.test(resource)) {
                held.add(key(resource));
            }
        }
    }

    void take(EnvoyResource resource) {
        held.add(key(resource));
    }

    void refuse(EnvoyResource resource, String message) {
        refusals.put(key(resource), message);
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public boolean isHeld(EnvoyResource resource) {
        return held.contains(key(resource));
    }

    @Override
    public Optional<String> refusal(EnvoyResource resource) {
        return Optional.ofNullable(refusals.get(key(resource)));
    }

    private static String key(EnvoyResource resource) {
        return resource.name() + " " + resource.version();
    }
}
