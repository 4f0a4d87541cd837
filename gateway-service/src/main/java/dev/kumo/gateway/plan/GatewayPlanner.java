// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.HttpRouteView.ParentRef;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView.Kind;
import dev.kumo.gateway.model.ServiceView.Owner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Plans every Gateway of the classes of {@link #CONTROLLER} with the HTTPRoutes that name them, after Gateway API v1. What is
 * wrong with one object is said there and harms no other. Stateless; any thread; the order of the inputs doesn't matter.
 */
public final class GatewayPlanner {
    public static final String CONTROLLER = "io.cilium/gateway-controller";

    /** Older objects come first. */
    private static final Comparator<HttpRouteView> AGE = Comparator.comparing(
                    (HttpRouteView route) -> route.stamp().created())
            .thenComparing(HttpRouteView::key);

    public GatewayPlan plan(GatewayInputs inputs) {
        var classes = inputs.classes().stream()
                .filter(view -> view.controller().equals(CONTROLLER))
                .sorted(Comparator.comparing(GatewayClassView::name))
                .toList();
        var accepted = classes.stream()
                .filter(view -> view.parameters().isEmpty())
                .map(GatewayClassView::name)
                .collect(Collectors.toSet());
        var gateways = new LinkedHashMap<ObjectKey, List<SettledListener>>();
        var views = inputs.gateways().stream()
                .filter(view -> accepted.contains(view.gatewayClass()))
                .sorted(Comparator.comparing(GatewayView::key))
                .toList();
        var certificates = new Certificates(inputs.secrets(), inputs.grants());
        views.forEach(view -> gateways.put(view.key(), new ListenerPlanner(view, certificates).settle()));

        var backends = new Backends(inputs.services(), inputs.grants());
        var rules = new Attachment.Rules(
                inputs.namespaces().stream().collect(Collectors.toMap(NamespaceView::name, Function.identity())));
        var planned = new LinkedHashMap<ObjectKey, PlannedRoute>();
        var attachments = new ArrayList<Attachment>();
        for (var route : inputs.routes().stream().sorted(AGE).toList()) {
            var ours = ours(route, gateways);
            if (!ours.isEmpty()) {
                planned.put(route.key(), RoutePlanner.plan(route, backends));
                ours.forEach(parent ->
                        attachments.add(rules.attach(route, parent, gateways.getOrDefault(parent.key(), List.of()))));
            }
        }
        return assemble(inputs, classes, views, Routing.of(gateways, planned, attachments), certificates);
    }

    private static List<ParentRef> ours(HttpRouteView route, Map<ObjectKey, List<SettledListener>> gateways) {
        return route.parents().stream()
                .filter(parent -> parent.isGateway() && gateways.containsKey(parent.key()))
                .distinct()
                .toList();
    }

    private static GatewayPlan assemble(
            GatewayInputs inputs,
            List<GatewayClassView> classes,
            List<GatewayView> views,
            Routing routing,
            Certificates certificates) {
        var generated = new GeneratedServices(inputs.services(), inputs.refused());
        var gateways = new ArrayList<PlannedGateway>();
        var services = new ArrayList<GatewayService>();
        var listeners = new ArrayList<HttpListener>();
        var clusters = new TreeMap<String, BackendCluster>();
        for (var view : views) {
            var key = PlannedGateway.serviceKey(view);
            var owner = new Owner(Kind.GATEWAY, view.key().name());
            var gateway =
                    new PlannedGateway(view, routing, generated.addresses(key, owner), generated.fault(key, owner));
            gateways.add(gateway);
            if (!generated.isForeign(key, owner)) {
                listeners.addAll(gateway.listeners());
                clusters.putAll(gateway.clusters());
                gateway.service().ifPresent(services::add);
            }
        }
        return new GatewayPlan(
                classes.stream().map(GatewayPlanner::status).toList(),
                List.copyOf(gateways),
                RouteStatuses.of(routing),
                List.copyOf(services),
                List.copyOf(listeners),
                List.copyOf(clusters.values()),
                certificates.pairs(listeners.stream()
                        .flatMap(listener -> listener.secrets().stream())
                        .toList()));
    }

    private static ClassStatus status(GatewayClassView view) {
        boolean accepted = view.parameters().isEmpty();
        var condition = accepted
                ? new Condition("Accepted", true, "Accepted", "Gateways of this class are served", view.generation())
                : new Condition(
                        "Accepted",
                        false,
                        "InvalidParameters",
                        "parametersRef is not supported: " + view.parameters(),
                        view.generation());
        return new ClassStatus(view.name(), List.of(condition), accepted ? Features.SUPPORTED : List.of());
    }
}
