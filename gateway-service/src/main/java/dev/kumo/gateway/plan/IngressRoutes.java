// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.model.HttpMatch.ValueMatch;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.HttpRule.BackendRef;
import dev.kumo.gateway.model.HttpRule.BackendTarget;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.IngressView.Backend;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes an Ingress as the routes that do the same: one for each of its rules, and one for its default backend which every host
 * falls back to. Stateless; any thread.
 */
final class IngressRoutes {
    private IngressRoutes() {}

    static List<HttpRouteView> of(IngressView ingress, Map<ObjectKey, ServiceView> services) {
        var routes = new ArrayList<HttpRouteView>();
        for (int r = 0; r < ingress.rules().size(); r++) {
            var rule = ingress.rules().get(r);
            var rules = new ArrayList<HttpRule>();
            for (int p = 0; p < rule.paths().size(); p++) {
                var path = rule.paths().get(p);
                rules.add(rule(
                        "%d/%d".formatted(r, p),
                        new HttpMatch(path.match(), "", oneLabel(rule.host()), List.of()),
                        path.backend(),
                        ingress,
                        services));
            }
            routes.add(route(ingress, rule.host(), rules));
        }
        ingress.fallback()
                .ifPresent(backend -> routes.add(route(
                        ingress, Hostname.ANY, List.of(rule("default", HttpMatch.ALL, backend, ingress, services)))));
        return List.copyOf(routes);
    }

    private static HttpRouteView route(IngressView ingress, Hostname host, List<HttpRule> rules) {
        return new HttpRouteView(
                ingress.key(), ingress.stamp(), List.of(), List.of(host), List.copyOf(rules), Optional.empty());
    }

    /** An Ingress's wildcard is one label; Envoy's is any number, so the name is asked once more. */
    private static List<ValueMatch> oneLabel(Hostname host) {
        return host.isWildcard() && !host.isAny()
                ? List.of(new ValueMatch(
                        ":authority", true, "[^.:]+" + host.text().substring(1).replace(".", "[.]") + "(:[0-9]+)?"))
                : List.of();
    }

    private static HttpRule rule(
            String name, HttpMatch match, Backend backend, IngressView ingress, Map<ObjectKey, ServiceView> services) {
        var key = new ObjectKey(ingress.key().namespace(), backend.service());
        var service = services.get(key);
        var port = backend.port();
        Optional<String> fault = Optional.empty();
        if (!backend.portName().isEmpty() && service != null) {
            port = service.ports().stream()
                    .filter(candidate -> candidate.name().equals(backend.portName()))
                    .mapToInt(ServiceView.Port::number)
                    .findFirst();
            fault = port.isPresent()
                    ? fault
                    : Optional.of("Service %s has no port named %s".formatted(key, backend.portName()));
        }
        return new HttpRule(name, List.of(match), List.of(), List.of(reference(key, port)), Duration.ZERO, fault);
    }

    private static BackendRef reference(ObjectKey service, OptionalInt port) {
        return new BackendRef(new BackendTarget("", "Service", service, port), 1, List.of());
    }
}
