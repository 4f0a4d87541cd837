// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.plan.IngressPlan.IngressService;
import dev.kumo.gateway.plan.IngressPlan.IngressStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Plans the Ingresses of class {@value #CLASS}: each has a Service and a listener of its own, or, in shared mode, the one that
 * all of them share. Stateless; any thread; the order of the inputs doesn't matter.
 */
public final class IngressPlanner {
    public static final String CLASS = "cilium";

    private static final int PORT = 80;
    private static final String PREFIX = "ingress.cilium.io/";
    private static final Set<String> SERVED = Set.of("loadbalancer-mode", "loadbalancer-class", "service-type");
    private static final String LABEL = "cilium.io/ingress";
    private static final Comparator<IngressView> AGE = Comparator.comparing(
                    (IngressView ingress) -> ingress.stamp().created())
            .thenComparing(IngressView::key);
    /** Annotations that go on to the Service. */
    private static final List<String> PASSED_ON = List.of(
            "lbipam.cilium.io",
            "nodeipam.cilium.io",
            "service.beta.kubernetes.io",
            "service.kubernetes.io",
            "cloud.google.com");

    public IngressPlan plan(IngressInputs inputs) {
        Map<ObjectKey, ServiceView> views =
                inputs.services().stream().collect(Collectors.toMap(ServiceView::key, Function.identity()));
        var backends = new Backends(inputs.services(), List.of());
        var ours = inputs.ingresses().stream()
                .filter(ingress -> ingress.ingressClass().equals(CLASS)
                        || ingress.ingressClass().isEmpty() && inputs.defaultClass())
                .sorted(AGE)
                .toList();
        var services = new TreeMap<ObjectKey, IngressService>();
        var routes = new TreeMap<ObjectKey, List<PlannedRoute>>();
        var clusters = new TreeMap<String, BackendCluster>();
        var statuses = new TreeMap<ObjectKey, IngressStatus>();
        for (var ingress : ours) {
            var service = service(ingress, inputs.sharedNamespace());
            services.put(service.key(), service);
            var problems = new ArrayList<>(ingress.problems());
            ingress.annotations().keySet().stream()
                    .filter(name -> name.startsWith(PREFIX) && !SERVED.contains(name.substring(PREFIX.length())))
                    .forEach(name -> problems.add("annotation %s is not supported".formatted(name)));
            for (var view : IngressRoutes.of(ingress, views)) {
                var route = RoutePlanner.plan(view, backends);
                routes.computeIfAbsent(service.key(), key -> new ArrayList<>()).add(route);
                clusters.putAll(route.clusters());
                route.unresolved().forEach(fault -> problems.add(fault.message()));
                view.rules().stream()
                        .map(HttpRule::fault)
                        .flatMap(Optional::stream)
                        .forEach(problems::add);
            }
            var address = views.get(service.key());
            statuses.put(
                    ingress.key(),
                    new IngressStatus(
                            ingress.key(),
                            address == null ? List.of() : address.addresses(),
                            problems.stream().distinct().toList()));
        }
        return new IngressPlan(
                List.copyOf(statuses.values()),
                List.copyOf(services.values()),
                services.values().stream()
                        .map(service -> listener(service, routes.getOrDefault(service.key(), List.of())))
                        .toList(),
                List.copyOf(clusters.values()));
    }

    private static HttpListener listener(IngressService service, Collection<PlannedRoute> routes) {
        var attached = routes.stream()
                .map(route -> new VirtualHosts.Attached(route, route.view().hostnames()))
                .toList();
        return new HttpListener(
                "%s/%d".formatted(service.key(), PORT),
                service.ingress().orElse(service.key()),
                PORT,
                VirtualHosts.of(List.of(new VirtualHosts.Listener(Hostname.ANY, attached))));
    }

    private static IngressService service(IngressView ingress, String sharedNamespace) {
        var labels = new TreeMap<>(Map.of(LABEL, "true"));
        if (annotation(ingress, "loadbalancer-mode").equals("shared")) {
            return new IngressService(
                    new ObjectKey(sharedNamespace, "cilium-ingress"),
                    Optional.empty(),
                    labels,
                    new TreeMap<>(),
                    "LoadBalancer",
                    "");
        }
        var passed = new TreeMap<String, String>();
        ingress.annotations().forEach((name, value) -> {
            if (PASSED_ON.stream().anyMatch(name::startsWith)) {
                passed.put(name, value);
            }
        });
        boolean nodePort = annotation(ingress, "service-type").equals("NodePort");
        return new IngressService(
                new ObjectKey(
                        ingress.key().namespace(),
                        GeneratedName.ingressService(ingress.key().name())),
                Optional.of(ingress.key()),
                labels,
                passed,
                nodePort ? "NodePort" : "LoadBalancer",
                nodePort ? "" : annotation(ingress, "loadbalancer-class"));
    }

    private static String annotation(IngressView ingress, String name) {
        return ingress.annotations().getOrDefault(PREFIX + name, "");
    }
}
