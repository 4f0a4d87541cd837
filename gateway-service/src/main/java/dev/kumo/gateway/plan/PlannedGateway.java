// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.GatewayView.AddressView;
import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.plan.HttpListener.TlsChain;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A Gateway with what is made for it. Immutable.
 *
 * @param addresses that its Service has
 * @param unserviced why it can't have its Service
 */
public record PlannedGateway(GatewayView view, Routing routing, List<String> addresses, Optional<String> unserviced) {
    private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";
    private static final String ADDRESSES = "lbipam.cilium.io/ips";

    List<SettledListener> settled() {
        return routing.gateways().getOrDefault(view.key(), List.of());
    }

    /** Why nothing of the Gateway is served, its listeners aside. */
    Optional<Fault> fault() {
        if (!view.unsupported().isEmpty()) {
            var field = view.unsupported().getFirst();
            return Optional.of(new Fault(
                    field.startsWith("spec.infrastructure.parametersRef") ? "InvalidParameters" : "UnsupportedValue",
                    "can't be served: " + field));
        }
        return view.addresses().stream()
                .map(AddressView::type)
                .filter(type -> !type.equals("IPAddress"))
                .findFirst()
                .map(type -> new Fault(
                        "UnsupportedAddress", "addresses of type %s are not supported; IPAddress is".formatted(type)));
    }

    private List<SettledListener> serving() {
        return fault().isPresent()
                ? List.of()
                : settled().stream().filter(SettledListener::serves).toList();
    }

    ObjectKey serviceKey() {
        return serviceKey(view);
    }

    static ObjectKey serviceKey(GatewayView view) {
        return new ObjectKey(
                view.key().namespace(), GeneratedName.service(view.key().name()));
    }

    /** Names of the listeners that serve it, ascending by port. */
    public List<String> listenerNames() {
        return listeners().stream().map(HttpListener::name).toList();
    }

    String listenerName(int port) {
        return "%s/%d".formatted(serviceKey(), port);
    }

    /** One a port. */
    List<HttpListener> listeners() {
        return serving().stream()
                .collect(Collectors.groupingBy(listener -> listener.view().port(), TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(port -> new HttpListener(
                        listenerName(port.getKey()),
                        serviceKey(),
                        "Gateway/" + view.key(),
                        port.getKey(),
                        chains(port.getValue()),
                        VirtualHosts.of(hosts(port.getValue()))))
                .toList();
    }

    private static List<TlsChain> chains(List<SettledListener> listeners) {
        return listeners.stream()
                .filter(listener -> !listener.secrets().isEmpty())
                .map(listener -> new TlsChain(listener.view().hostname(), listener.secrets()))
                .sorted(Comparator.comparing(TlsChain::serverName, Hostname.SPECIFICITY))
                .toList();
    }

    private List<VirtualHosts.Listener> hosts(List<SettledListener> listeners) {
        return listeners.stream()
                .map(listener -> new VirtualHosts.Listener(
                        listener.view().hostname(),
                        List.copyOf(routing.attached(view.key(), listener.view().name(), false))))
                .toList();
    }

    Map<String, BackendCluster> clusters() {
        var clusters = new TreeMap<String, BackendCluster>();
        for (var listener : serving()) {
            routing.attached(view.key(), listener.view().name(), false)
                    .forEach(attached -> clusters.putAll(attached.route().clusters()));
        }
        return clusters;
    }

    Optional<GatewayService> service() {
        var ports = serving().stream()
                .map(listener -> listener.view().port())
                .distinct()
                .sorted()
                .toList();
        if (ports.isEmpty()) {
            return Optional.empty();
        }
        var labels = new TreeMap<>(view.labels());
        var name = GeneratedName.shorten(view.key().name());
        labels.put(GATEWAY_NAME, name);
        labels.put(GeneratedName.GATEWAY_LABEL, name);
        var annotations = new TreeMap<String, String>();
        var asked = asked();
        if (!asked.isEmpty()) {
            annotations.put(ADDRESSES, String.join(",", asked));
        }
        annotations.putAll(view.annotations());
        return Optional.of(new GatewayService(serviceKey(), view.key(), labels, annotations, ports));
    }

    /** Addresses that the Gateway asks for by value. */
    List<String> asked() {
        return view.addresses().stream()
                .map(AddressView::value)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }
}
