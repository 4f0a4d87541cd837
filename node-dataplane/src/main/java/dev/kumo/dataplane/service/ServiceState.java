// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What feeds and pods say, by owner, and which owners' plans have to be made anew because of it. Apply-loop thread only. */
final class ServiceState {
    private final String node;
    private final Map<Owner, Service> services = new HashMap<>();
    private final Map<Owner, Map<String, ServiceEndpoint>> endpoints = new HashMap<>();
    /** Whose endpoint an item of the feed is. */
    private final Map<String, Owner> endpointOwners = new HashMap<>();

    private final Map<String, List<Address>> nodes = new TreeMap<>();
    private Map<Owner, List<HostPort>> hostPorts = Map.of();
    private Map<Owner, List<Redirection>> redirections = Map.of();
    private boolean hostPortsKnown;
    private final Set<FeedMethods> inSync = EnumSet.noneOf(FeedMethods.class);
    private final Map<ItemKey, ItemRefusal> malformed = new TreeMap<>();
    private final Set<Owner> dirty = new HashSet<>();
    private NodeFacts facts;

    ServiceState(String node) {
        this.node = node;
        this.facts = NodeFacts.of(node, List.of(), List.of());
    }

    void take(DesiredChange change) {
        change.removes(Table.SERVICES).forEach(this::removeService);
        change.removes(Table.BACKENDS).forEach(this::removeEndpoint);
        change.removes(Table.NODES).forEach(nodes::remove);
        change.removes().forEach(malformed::remove);
        change.upserts(Table.SERVICES).values().forEach(this::putService);
        change.upserts(Table.BACKENDS).forEach(this::putEndpoint);
        change.upserts(Table.NODES).forEach(this::putNode);
        if (change.feed() == FeedMethods.POLICY) {
            judgeNodes();
        }
        if (change.inSync()) {
            inSync.add(change.feed());
        }
    }

    void takeHostPorts(Collection<HostPort> ports) {
        Map<Owner, List<HostPort>> next =
                ports.stream().distinct().collect(Collectors.groupingBy(port -> Owner.pod(port.pod())));
        dirty.addAll(hostPorts.keySet());
        dirty.addAll(next.keySet());
        hostPorts = next;
        hostPortsKnown = true;
    }

    /** @return whether anything is new */
    boolean takeRedirections(Map<Owner, List<Redirection>> next) {
        var touched = new HashSet<>(redirections.keySet());
        touched.addAll(next.keySet());
        touched.removeIf(owner -> Objects.equals(redirections.get(owner), next.get(owner)));
        dirty.addAll(touched);
        redirections = Map.copyOf(next);
        return !touched.isEmpty();
    }

    /** Whether what is known of the owner is in its plan. */
    boolean isPlanned(Owner owner) {
        return !dirty.contains(owner);
    }

    /** Whether all is known that frontends come from, so that others may be removed. */
    boolean isComplete() {
        return hostPortsKnown && inSync.contains(FeedMethods.SERVICE) && inSync.contains(FeedMethods.POLICY);
    }

    NodeFacts facts() {
        return facts;
    }

    Collection<ItemRefusal> malformed() {
        return malformed.values();
    }

    /** An owner whose plan has to be made anew; it is then no longer dirty. */
    Optional<Owner> takeDirty() {
        Optional<Owner> next = dirty.stream().findFirst();
        next.ifPresent(dirty::remove);
        return next;
    }

    /**
     * The owner's plan; empty if the owner is gone.
     *
     * @throws IllegalArgumentException if the feed's item holds an address that is none
     */
    Optional<OwnerPlan> planOf(Owner owner) {
        var planner = new FrontendPlanner(facts);
        if (owner.kind() == Owner.Kind.POD) {
            return Optional.ofNullable(hostPorts.get(owner)).map(ports -> planner.plan(owner.name(), ports));
        }
        return Optional.ofNullable(services.get(owner))
                .map(service -> planner.plan(
                        service,
                        endpoints.getOrDefault(owner, Map.of()).values(),
                        redirections.getOrDefault(owner, List.of())));
    }

    private void putService(Service service) {
        var owner = Owner.service(service.getNamespace(), service.getName());
        services.put(owner, service);
        dirty.add(owner);
    }

    private void removeService(String key) {
        var owner = new Owner(Owner.Kind.SERVICE, key);
        services.remove(owner);
        dirty.add(owner);
    }

    private void putEndpoint(String key, Backend backend) {
        removeEndpoint(key);
        ItemKey item = Table.BACKENDS.item(key);
        try {
            var owner = Owner.service(backend.getNamespace(), backend.getService());
            endpoints.computeIfAbsent(owner, _ -> new TreeMap<>()).put(key, ServiceEndpoint.of(backend));
            endpointOwners.put(key, owner);
            dirty.add(owner);
            malformed.remove(item);
        } catch (IllegalArgumentException e) {
            malformed.put(item, refusal(item, e));
        }
    }

    private void removeEndpoint(String key) {
        Owner owner = endpointOwners.remove(key);
        if (owner != null) {
            endpoints.computeIfPresent(owner, (_, all) -> {
                all.remove(key);
                return all.isEmpty() ? null : all;
            });
            dirty.add(owner);
        }
    }

    private void putNode(String key, Node value) {
        ItemKey item = Table.NODES.item(key);
        try {
            nodes.put(
                    key,
                    value.getInternalAddressesList().stream().map(Address::of).toList());
            malformed.remove(item);
        } catch (IllegalArgumentException e) {
            malformed.put(item, refusal(item, e));
        }
    }

    /** NodePorts and markers depend on the nodes' addresses: when these change, all is planned anew. */
    private void judgeNodes() {
        List<Address> own = nodes.getOrDefault(node, List.of());
        List<Address> others = nodes.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(node))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        var next = NodeFacts.of(node, own, others);
        if (!next.equals(facts)) {
            facts = next;
            dirty.addAll(services.keySet());
            dirty.addAll(hostPorts.keySet());
        }
    }

    private static ItemRefusal refusal(ItemKey item, IllegalArgumentException e) {
        return new ItemRefusal(item, Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
}
