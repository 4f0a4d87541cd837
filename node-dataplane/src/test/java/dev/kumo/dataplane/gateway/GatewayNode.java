// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.kumo.contract.envoy.v1.EnvoyNodeState;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.envoy.EnvoyAnswers;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.service.HealthCheck;
import dev.kumo.dataplane.service.HealthCheckPorts;
import dev.kumo.dataplane.service.NumberFile;
import dev.kumo.dataplane.service.Numbers;
import dev.kumo.dataplane.service.Problem;
import dev.kumo.dataplane.service.ServiceManager;
import dev.kumo.dataplane.service.ServiceMaps;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Gateway traffic's manager and the Services' over maps in memory, with an Envoy that answers as it is told to. */
final class GatewayNode implements EnvoyAnswers {
    static final Address INGRESS = Address.of("10.244.1.2");

    final FakeKernelMap<FrontendKey, Frontend> frontends = new FakeKernelMap<>("frontends");
    final FakeKernelMap<Integer, SlotPort> slots = new FakeKernelMap<>("slots");
    /** What Envoy was told and when rows changed, in order. */
    final List<String> events = new ArrayList<>();

    final Map<String, ResourceState> states = new TreeMap<>();
    EnvoyNodeState envoyState = EnvoyNodeState.getDefaultInstance();
    boolean connected = true;
    Predicate<EnvoyResource> takes = _ -> true;
    final Map<ResourceName, String> refusals = new HashMap<>();
    private final Map<ResourceName, EnvoyResource> told = new TreeMap<>();
    private final Map<ResourceName, EnvoyResource> held = new HashMap<>();
    private final Path folder;
    private ServiceManager services;
    private GatewayManager gateway;

    GatewayNode(Path folder) {
        this.folder = folder;
        slots.watch((slot, port) -> events.add(
                "row " + port.map(SlotPort::port).map(Object::toString).orElse("gone")));
        frontends.watch((key, frontend) -> frontend.filter(f -> f.count() > 0 || f.slot() != 0)
                .ifPresent(f -> events.add("frontend " + key.port() + (f.slot() == 0 ? " to backends" : " to Envoy"))));
        start();
    }

    /** A new process over what is there. */
    void start() {
        services = new ServiceManager(
                "w1",
                new ServiceMaps(
                        new ReconciledMap<>(frontends),
                        new ReconciledMap<>(new FakeKernelMap<BackendSlot, Integer>("backend_sets")),
                        new ReconciledMap<>(new FakeKernelMap<Integer, Backend>("backends")),
                        new ReconciledMap<>(new FakeKernelMap<SourceRangeKey, Integer>("source_ranges"))),
                new Numbers(new NumberFile(folder.resolve("numbers.json"))),
                new NoHealthChecks());
        var rows = new ReconciledMap<>(slots.where(slot -> !ListenerPorts.isOfPolicy(slot)));
        rows.load();
        gateway = new GatewayManager(
                new GatewayManager.Place("w1", Optional.of(INGRESS), folder),
                rows,
                services,
                new GatewayManager.Envoy(this::publish, this, ListenerPorts.open(folder)),
                new GatewayManager.Reports(this::report, key -> states.remove(key.key())));
    }

    void services(Entry... entries) {
        var nodes = Items.upserts(true, Items.entry(Items.node("w1", "172.18.0.11", "10.244.1.0/24")));
        services.onUpdate(nodes);
        tell(new DesiredChange(FeedMethods.SERVICE, List.of(entries), List.of(), true));
    }

    /** What {@code kumo node services} prints. */
    TableView rows() {
        return services.rows();
    }

    void addTo(ApplyLoop loop) {
        services.addTo(loop);
        gateway.addTo(loop);
    }

    void become(Entry... entries) {
        tell(new DesiredChange(FeedMethods.ENVOY, List.of(entries), List.of(), true));
    }

    void remove(ItemKey... keys) {
        tell(new DesiredChange(FeedMethods.ENVOY, List.of(), List.of(keys), true));
    }

    void tell(DesiredChange change) {
        gateway.onUpdate(change);
        if (change.feed() != FeedMethods.ENVOY) {
            services.onUpdate(change);
        }
        apply();
    }

    /** Turns until nothing is left to do. */
    Applied apply() {
        Applied applied = gateway.apply(Slice.unlimited());
        for (int turn = 0; turn < 3; turn++) {
            services.apply(Slice.unlimited());
            applied = gateway.apply(Slice.unlimited());
        }
        return applied;
    }

    /** The cluster, listener or other resource as Envoy was told it. */
    <M extends Message> M told(ResourceType type, String name, Class<M> message) throws Exception {
        return told.get(new ResourceName(type, name)).body().unpack(message);
    }

    boolean isTold(ResourceType type, String name) {
        return told.containsKey(new ResourceName(type, name));
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public boolean isHeld(EnvoyResource resource) {
        return connected && resource.equals(held.get(resource.name()));
    }

    @Override
    public Optional<String> refusal(EnvoyResource resource) {
        return resource.equals(told.get(resource.name()))
                ? Optional.ofNullable(refusals.get(resource.name()))
                : Optional.empty();
    }

    /** Envoy takes what it was told and held back. */
    void takesAll() {
        takes = _ -> true;
        told.values().stream().filter(r -> !refusals.containsKey(r.name())).forEach(r -> held.put(r.name(), r));
        apply();
    }

    private void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes) {
        upserts.forEach(resource -> {
            told.put(resource.name(), resource);
            events.add("+" + resource.name().type() + " " + resource.name().name());
            if (takes.test(resource) && !refusals.containsKey(resource.name())) {
                held.put(resource.name(), resource);
            }
        });
        removes.forEach(name -> {
            told.remove(name);
            held.remove(name);
            events.add("-" + name.type() + " " + name.name());
        });
    }

    private void report(StateItem item) {
        try {
            if (item.key().table().equals("envoy_states")) {
                envoyState = EnvoyNodeState.parseFrom(item.value());
            } else {
                states.put(item.key().key(), ResourceState.parseFrom(item.value()));
            }
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    static Entry entry(String table, String key, MessageLite message) {
        return new Entry(new ItemKey(table, key), message);
    }

    static ByteString bytes(String address) {
        return ByteString.copyFrom(Address.of(address).bytes());
    }

    static final class NoHealthChecks implements HealthCheckPorts {
        @Override
        public void set(Map<Integer, HealthCheck> checks, Set<Address> addresses) {}

        @Override
        public Collection<Problem> problems() {
            return List.of();
        }

        @Override
        public void onProblem(Runnable listener) {}
    }
}
