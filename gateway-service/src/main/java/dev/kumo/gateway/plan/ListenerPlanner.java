// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.ListenerView;
import dev.kumo.gateway.model.ListenerView.RouteKind;
import java.util.List;
import java.util.Optional;

/**
 * Judges the listeners of a Gateway. Of two that can't be told apart none is served, as the specification says. Stateless; any
 * thread.
 */
final class ListenerPlanner {
    static final RouteKind HTTP_ROUTE = new RouteKind("gateway.networking.k8s.io", "HTTPRoute");

    private ListenerPlanner() {}

    /** @return in the order of the spec */
    static List<SettledListener> settle(GatewayView gateway) {
        return gateway.listeners().stream()
                .map(listener -> settle(listener, gateway))
                .toList();
    }

    private static SettledListener settle(ListenerView listener, GatewayView gateway) {
        var refused = refused(listener);
        var asked = listener.allowed().kinds();
        var carried = listener.protocol().equals("HTTP") ? List.of(HTTP_ROUTE) : List.<RouteKind>of();
        var kinds = asked.isEmpty()
                ? carried
                : carried.stream().filter(asked::contains).toList();
        return new SettledListener(
                listener,
                kinds,
                refused,
                refused.isPresent() ? Optional.empty() : conflict(listener, gateway),
                asked.stream()
                        .filter(kind -> !carried.contains(kind))
                        .findFirst()
                        .map(kind -> new Fault(
                                "InvalidRouteKinds",
                                "allowedRoutes.kinds: a listener of protocol %s takes no %s"
                                        .formatted(listener.protocol(), kind.kind()))));
    }

    private static Optional<Fault> refused(ListenerView listener) {
        if (!listener.protocol().equals("HTTP")) {
            return Optional.of(new Fault(
                    "UnsupportedProtocol", "protocol %s is not supported; HTTP is".formatted(listener.protocol())));
        }
        return listener.unsupported().stream()
                .findFirst()
                .map(field -> new Fault("UnsupportedValue", "can't be served: " + field));
    }

    private static Optional<Fault> conflict(ListenerView listener, GatewayView gateway) {
        return gateway.listeners().stream()
                .filter(other -> !other.name().equals(listener.name())
                        && other.port() == listener.port()
                        && other.hostname().equals(listener.hostname())
                        && refused(other).isEmpty())
                .findFirst()
                .map(other -> new Fault(
                        "HostnameConflict",
                        "listener %s has the same port and hostname; neither is served".formatted(other.name())));
    }
}
