// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.ListenerView;
import dev.kumo.gateway.model.ListenerView.CertificateRef;
import dev.kumo.gateway.model.ListenerView.RouteKind;
import dev.kumo.gateway.model.ListenerView.Tls;
import java.util.List;
import java.util.Optional;

/**
 * Judges the listeners of a Gateway. Of two that can't be told apart none is served, as the specification says. Immutable; any
 * thread.
 */
record ListenerPlanner(GatewayView gateway, Certificates certificates) {
    static final RouteKind HTTP_ROUTE = new RouteKind("gateway.networking.k8s.io", "HTTPRoute");

    private static final String HTTP = "HTTP";
    private static final String HTTPS = "HTTPS";

    /** @return in the order of the spec */
    List<SettledListener> settle() {
        return gateway.listeners().stream().map(this::settle).toList();
    }

    private SettledListener settle(ListenerView listener) {
        var refused = refused(listener);
        var asked = listener.allowed().kinds();
        boolean http = listener.protocol().equals(HTTP) || listener.protocol().equals(HTTPS);
        var carried = http ? List.of(HTTP_ROUTE) : List.<RouteKind>of();
        var kinds = asked.isEmpty()
                ? carried
                : carried.stream().filter(asked::contains).toList();
        var references = listener.tls().map(Tls::certificates).orElse(List.of());
        var uncertified = certificateFault(references);
        return new SettledListener(
                listener,
                kinds,
                uncertified.isPresent()
                        ? List.of()
                        : references.stream().map(CertificateRef::key).toList(),
                refused,
                refused.isPresent() ? Optional.empty() : conflict(listener),
                uncertified.or(() -> asked.stream()
                        .filter(kind -> !carried.contains(kind))
                        .findFirst()
                        .map(kind -> new Fault(
                                "InvalidRouteKinds",
                                "allowedRoutes.kinds: a listener of protocol %s takes no %s"
                                        .formatted(listener.protocol(), kind.kind())))));
    }

    private Optional<Fault> certificateFault(List<CertificateRef> references) {
        return references.stream()
                .flatMap(
                        reference -> certificates.fault(reference, gateway.key().namespace()).stream())
                .findFirst();
    }

    private static Optional<Fault> refused(ListenerView listener) {
        var field = listener.unsupported().stream().findFirst();
        return switch (listener.protocol()) {
            case HTTP ->
                field.map(ListenerPlanner::unserved)
                        .or(() -> listener.tls()
                                .map(_ -> new Fault("UnsupportedValue", "can't be served: tls with protocol HTTP")));
            case HTTPS -> field.map(ListenerPlanner::unserved).or(() -> refused(listener.tls()));
            default ->
                Optional.of(new Fault(
                        "UnsupportedProtocol",
                        "protocol %s is not supported; HTTP and HTTPS are".formatted(listener.protocol())));
        };
    }

    private static Optional<Fault> refused(Optional<Tls> tls) {
        if (tls.isEmpty()) {
            return Optional.of(new Fault("UnsupportedValue", "can't be served: protocol HTTPS without tls"));
        }
        if (!tls.get().mode().equals("Terminate")) {
            return Optional.of(new Fault(
                    "UnsupportedValue",
                    "can't be served: tls.mode %s with protocol HTTPS"
                            .formatted(tls.get().mode())));
        }
        return tls.get().certificates().isEmpty()
                ? Optional.of(new Fault("UnsupportedValue", "can't be served: tls without certificateRefs"))
                : Optional.empty();
    }

    private static Fault unserved(String field) {
        return new Fault("UnsupportedValue", "can't be served: " + field);
    }

    private Optional<Fault> conflict(ListenerView listener) {
        var onPort = gateway.listeners().stream()
                .filter(other -> !other.name().equals(listener.name())
                        && other.port() == listener.port()
                        && refused(other).isEmpty())
                .toList();
        var otherProtocol = onPort.stream()
                .filter(other -> !other.protocol().equals(listener.protocol()))
                .findFirst()
                .map(other -> new Fault(
                        "ProtocolConflict",
                        "listener %s has the same port and protocol %s; neither is served"
                                .formatted(other.name(), other.protocol())));
        return otherProtocol.or(() -> onPort.stream()
                .filter(other -> other.hostname().equals(listener.hostname()))
                .findFirst()
                .map(other -> new Fault(
                        "HostnameConflict",
                        "listener %s has the same port and hostname; neither is served".formatted(other.name()))));
    }
}
