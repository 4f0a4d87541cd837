// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.model.HttpMatch.PathMatch;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.HttpRouteView.ParentRef;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.HttpRule.BackendRef;
import dev.kumo.gateway.model.HttpRule.BackendTarget;
import dev.kumo.gateway.model.ListenerView;
import dev.kumo.gateway.model.ListenerView.AllowedRoutes;
import dev.kumo.gateway.model.ListenerView.From;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.model.Stamp;
import dev.kumo.gateway.plan.GatewayInputs;
import dev.kumo.gateway.plan.GatewayPlanner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** One Gateway of one listener with as many routes as wanted, each with a host name, a Service and a rule of its own. Mutable. */
public final class ManyRoutes {
    private static final Stamp STAMP = new Stamp(1, "2026-01-01T00:00:00Z");
    private static final String NAMESPACE = "shop";

    private final List<HttpRouteView> routes = new ArrayList<>();
    private final List<ServiceView> services = new ArrayList<>();

    public ManyRoutes(int number) {
        for (int i = 0; i < number; i++) {
            add();
        }
    }

    /** One more, with its Service. */
    public void add() {
        int number = routes.size();
        var service = new ObjectKey(NAMESPACE, "service-" + number);
        services.add(new ServiceView(
                service, false, List.of(new ServiceView.Port("http", 80, "TCP", "")), List.of(), Optional.empty()));
        routes.add(route(number, "/"));
    }

    /** The last one, with its Service. */
    public void remove() {
        routes.removeLast();
        services.removeLast();
    }

    public void changePath(int number, String path) {
        routes.set(number, route(number, path));
    }

    private static HttpRouteView route(int number, String path) {
        var gateway = new ParentRef(
                "gateway.networking.k8s.io",
                "Gateway",
                new ObjectKey(NAMESPACE, "web"),
                Optional.empty(),
                OptionalInt.empty());
        var backend =
                new BackendTarget("", "Service", new ObjectKey(NAMESPACE, "service-" + number), OptionalInt.of(80));
        return new HttpRouteView(
                new ObjectKey(NAMESPACE, "route-" + number),
                STAMP,
                List.of(gateway),
                List.of(new Hostname("host-%d.example.com".formatted(number))),
                List.of(new HttpRule(
                        "",
                        List.of(new HttpMatch(new PathMatch(PathMatch.Kind.PREFIX, path), "", List.of(), List.of())),
                        List.of(),
                        List.of(new BackendRef(backend, 1, List.of())),
                        Duration.ZERO,
                        Optional.empty())),
                Optional.empty());
    }

    /** As the tables hold it now; equal objects are other objects than in the inputs before only where they have changed. */
    public GatewayInputs inputs() {
        var listener = new ListenerView(
                "http",
                "HTTP",
                80,
                Hostname.ANY,
                new AllowedRoutes(From.SAME, Optional.empty(), List.of()),
                Optional.empty(),
                List.of());
        var gateway = new GatewayView(
                new ObjectKey(NAMESPACE, "web"),
                STAMP,
                "cilium",
                List.of(listener),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of());
        return new GatewayInputs(
                List.of(new GatewayClassView("cilium", 1, GatewayPlanner.CONTROLLER, "")),
                List.of(gateway),
                routes,
                List.of(),
                List.of(new NamespaceView(NAMESPACE, new TreeMap<>())),
                services,
                List.of(),
                Map.of());
    }
}
