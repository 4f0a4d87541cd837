// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import dev.kumo.dataplane.state.StickyNumbers;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The envoy feed's resources, and what this node makes of them: listeners without address get a port, clusters that ask for it
 * the node's ingress address. Apply-loop thread only.
 */
final class FeedResources {
    private final StickyNumbers ports;
    private final Optional<Address> ingress;
    private final Map<String, dev.kumo.contract.envoy.v1.EnvoyResource> items = new HashMap<>();
    private final SortedMap<String, Told> told = new TreeMap<>();

    /** @param ports of listeners, by {@link #portName} */
    FeedResources(StickyNumbers ports, Optional<Address> ingress) {
        this.ports = ports;
        this.ingress = ingress;
    }

    static String key(ResourceType type, String name) {
        return type.message() + "|" + name;
    }

    static String portName(String listener) {
        return "listener " + listener;
    }

    void set(String key, dev.kumo.contract.envoy.v1.EnvoyResource item) {
        items.put(key, item);
        told.remove(key);
    }

    void remove(String key) {
        items.remove(key);
        told.remove(key);
    }

    /** By key of the feed's items. */
    SortedMap<String, Told> told() {
        return Collections.unmodifiableSortedMap(told);
    }

    Optional<Told> listener(String name) {
        return Optional.ofNullable(told.get(key(ResourceType.LISTENER, name)));
    }

    /**
     * Renders what is new.
     *
     * @param keepSource listeners whose connections go on from their clients' addresses
     */
    void render(Set<String> keepSource) {
        items.forEach((key, item) -> {
            if (!told.containsKey(key) || isListener(item)) {
                told.put(key, render(key, item, keepSource.contains(item.getName())));
            }
        });
    }

    private Told render(String key, dev.kumo.contract.envoy.v1.EnvoyResource item, boolean keepSource) {
        long hash = ContentHash.of(ContentHash.serialize(item));
        var body = item.getResource();
        var type = ResourceType.of(body.getTypeUrl());
        if (type.isEmpty()) {
            return refused(key, hash, Reason.UNSUPPORTED, "not a type that Envoy is served: " + body.getTypeUrl());
        }
        try {
            var name = new ResourceName(type.get(), item.getName());
            return switch (type.get()) {
                case LISTENER -> listener(key, hash, name, body, keepSource);
                case CLUSTER -> cluster(key, hash, name, item);
                default -> told(hash, EnvoyResource.of(name, body), Set.of());
            };
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            return refused(key, hash, Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private Told listener(String key, long hash, ResourceName name, Any body, boolean keepSource)
            throws InvalidProtocolBufferException {
        var listener = body.unpack(Listener.class);
        var routes = ListenerBinding.routesOf(listener);
        if (listener.hasAddress()) {
            return told(hash, EnvoyResource.of(name, body), routes);
        }
        var port = ports.numberOf(portName(name.name()));
        return port.isEmpty()
                ? refused(key, hash, Reason.PORT_IN_USE, "no port is left for its listener")
                : told(hash, resource(name, ListenerBinding.bind(listener, port.get(), keepSource)), routes);
    }

    private Told cluster(String key, long hash, ResourceName name, dev.kumo.contract.envoy.v1.EnvoyResource item)
            throws InvalidProtocolBufferException {
        if (!item.getIngressSource()) {
            return told(hash, EnvoyResource.of(name, item.getResource()), Set.of());
        }
        var cluster = item.getResource().unpack(Cluster.class);
        return ingress.isEmpty()
                ? refused(key, hash, Reason.POOL_EXHAUSTED, "the node has no address for gateway traffic")
                : told(hash, resource(name, ClusterSource.from(cluster, ingress.get())), Set.of());
    }

    private static EnvoyResource resource(ResourceName name, Message body) {
        return EnvoyResource.of(name, Any.pack(body));
    }

    private static Told told(long hash, EnvoyResource resource, Set<String> routes) {
        return new Told(hash, Optional.of(resource), routes, Optional.empty());
    }

    private static Told refused(String key, long hash, Reason reason, String message) {
        var problem = new ItemRefusal(Table.RESOURCES.item(key), reason, message);
        return new Told(hash, Optional.empty(), Set.of(), Optional.of(problem));
    }

    private static boolean isListener(dev.kumo.contract.envoy.v1.EnvoyResource item) {
        return item.getResource().getTypeUrl().equals(ResourceType.LISTENER.typeUrl());
    }
}
