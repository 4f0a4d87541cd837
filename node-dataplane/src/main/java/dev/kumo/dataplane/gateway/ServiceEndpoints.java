// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.ServicePort;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Endpoints of Services as Envoy wants them, by names {@code namespace/service} (all TCP ports) and
 * {@code namespace/service:port} (number or name of a port of the Service). Apply-loop thread only.
 *
 * <p>New requests go to ready endpoints, to those that serve while they terminate if none is ready (KEP-1669); what ceases to
 * be among them ends the requests that it has. What isn't known has no endpoints, so that requests are answered 503.
 */
final class ServiceEndpoints {
    /** A backend and where it listens. */
    private record Place(Address address, int port) {}

    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, Map<String, Backend>> backends = new HashMap<>();
    private final Map<String, String> serviceOfBackend = new HashMap<>();

    /** @return the Services that it is about, as {@code namespace/service} */
    Set<String> take(DesiredChange change) {
        var touched = new TreeSet<>(change.removes(Table.SERVICES));
        change.removes(Table.SERVICES).forEach(services::remove);
        change.removes(Table.BACKENDS).forEach(key -> touched.add(removeBackend(key)));
        services.putAll(change.upserts(Table.SERVICES));
        touched.addAll(change.upserts(Table.SERVICES).keySet());
        change.upserts(Table.BACKENDS).forEach((key, backend) -> {
            touched.add(removeBackend(key));
            touched.add(putBackend(key, backend));
        });
        return touched;
    }

    /** The Service that a name speaks of, as {@code namespace/service}. */
    static String serviceOf(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    ClusterLoadAssignment of(String name) {
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName(name);
        var endpoints = LocalityLbEndpoints.newBuilder();
        places(name).forEach(place -> endpoints.addLbEndpoints(endpoint(place)));
        return endpoints.getLbEndpointsCount() == 0
                ? assignment.build()
                : assignment.addEndpoints(endpoints).build();
    }

    private List<Place> places(String name) {
        var service = serviceOf(name);
        var all = backends.getOrDefault(service, Map.of()).values().stream()
                .filter(backend -> backend.getProtocol() == Protocol.PROTOCOL_TCP)
                .filter(portOf(service, name))
                .toList();
        return choose(all).stream()
                .map(backend -> new Place(Address.of(backend.getAddress()), backend.getPort()))
                .filter(place -> place.address().isIpv4())
                .distinct()
                .sorted(Comparator.comparing(Place::address).thenComparing(Place::port))
                .toList();
    }

    private Predicate<Backend> portOf(String service, String name) {
        if (service.length() == name.length()) {
            return _ -> true;
        }
        var wanted = name.substring(service.length() + 1);
        var known = services.get(service);
        var names = new ArrayList<String>();
        if (known != null) {
            known.getPortsList().stream()
                    .filter(port -> port.getProtocol() == Protocol.PROTOCOL_TCP)
                    .filter(port -> isNamed(port, wanted))
                    .forEach(port -> names.add(port.getName()));
        }
        return backend -> names.contains(backend.getPortName());
    }

    private static boolean isNamed(ServicePort port, String wanted) {
        return Integer.toString(port.getPort()).equals(wanted) || port.getName().equals(wanted);
    }

    private static Collection<Backend> choose(Collection<Backend> all) {
        var ready = all.stream().filter(Backend::getReady).toList();
        return ready.isEmpty()
                ? all.stream()
                        .filter(backend -> backend.getServing() && backend.getTerminating())
                        .toList()
                : ready;
    }

    private static LbEndpoint endpoint(Place place) {
        var address = io.envoyproxy.envoy.config.core.v3.Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder()
                        .setAddress(place.address().toString())
                        .setPortValue(place.port()));
        return LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder().setAddress(address))
                .build();
    }

    private String putBackend(String key, Backend backend) {
        var service = backend.getNamespace() + "/" + backend.getService();
        backends.computeIfAbsent(service, _ -> new TreeMap<>()).put(key, backend);
        serviceOfBackend.put(key, service);
        return service;
    }

    /** The Service whose it was; empty if there was none. */
    private String removeBackend(String key) {
        var service = serviceOfBackend.remove(key);
        if (service == null) {
            return "";
        }
        backends.computeIfPresent(service, (_, all) -> {
            all.remove(key);
            return all.isEmpty() ? null : all;
        });
        return service;
    }
}
