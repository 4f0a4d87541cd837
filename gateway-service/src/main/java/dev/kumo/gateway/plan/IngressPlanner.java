// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.IngressClassView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.plan.IngressPlan.IngressService;
import dev.kumo.gateway.plan.IngressPlan.IngressStatus;
import dev.kumo.gateway.plan.IngressPlan.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Plans the Ingresses of class {@value #CLASS}: each has a Service and a listener of its own, or, in shared mode, the one that
 * all of them share. Stateless; any thread; the order of the inputs doesn't matter.
 */
public final class IngressPlanner {
    public static final String CLASS = "cilium";
    public static final String CONTROLLER = "cilium.io/ingress-controller";

    private static final int PORT = 80;
    private static final Comparator<IngressView> AGE = Comparator.comparing(
                    (IngressView ingress) -> ingress.stamp().created())
            .thenComparing(IngressView::key);

    public IngressPlan plan(IngressInputs inputs) {
        return new Planning(inputs).plan();
    }

    /** One plan in the making. */
    private static final class Planning {
        private final IngressInputs inputs;
        private final Map<ObjectKey, ServiceView> views;
        private final Backends backends;
        private final GeneratedServices generated;
        private final Map<ObjectKey, IngressService> services = new TreeMap<>();
        private final Map<ObjectKey, List<PlannedRoute>> routes = new TreeMap<>();
        private final Map<String, BackendCluster> clusters = new TreeMap<>();
        private final Map<ObjectKey, IngressStatus> statuses = new TreeMap<>();

        Planning(IngressInputs inputs) {
            this.inputs = inputs;
            this.views = inputs.services().stream().collect(Collectors.toMap(ServiceView::key, Function.identity()));
            this.backends = new Backends(inputs.services(), List.of());
            this.generated = new GeneratedServices(inputs.services(), inputs.refused());
        }

        IngressPlan plan() {
            ours().forEach(this::add);
            return new IngressPlan(
                    List.copyOf(statuses.values()),
                    List.copyOf(services.values()),
                    services.values().stream()
                            .map(service -> listener(service, routes.getOrDefault(service.key(), List.of())))
                            .toList(),
                    List.copyOf(clusters.values()));
        }

        /** Oldest first; none if somebody else's controller has our class. */
        private List<IngressView> ours() {
            var view = inputs.classes().stream()
                    .filter(candidate -> candidate.name().equals(CLASS))
                    .findFirst();
            if (!view.map(IngressClassView::controller).orElse(CONTROLLER).equals(CONTROLLER)) {
                return List.of();
            }
            boolean byDefault = view.map(IngressClassView::isDefault).orElse(false);
            return inputs.ingresses().stream()
                    .filter(ingress -> ingress.ingressClass().equals(CLASS)
                            || ingress.ingressClass().isEmpty() && byDefault)
                    .sorted(AGE)
                    .toList();
        }

        private void add(IngressView ingress) {
            var settings = IngressSettings.of(ingress, inputs.defaults());
            var service = settings.shared()
                    ? IngressServices.shared(inputs.sharedNamespace(), inputs.defaults())
                    : IngressServices.dedicated(ingress, settings);
            var owner = IngressServices.owner(service);
            var problems = new ArrayList<Problem>();
            ingress.problems().forEach(problem -> problems.add(Problem.unsupported(problem)));
            problems.addAll(settings.problems());
            generated
                    .fault(service.key(), owner)
                    .ifPresent(fault -> problems.add(new Problem("ServiceNotUsable", fault)));
            boolean foreign = generated.isForeign(service.key(), owner);
            if (!foreign) {
                services.put(service.key(), service);
            }
            for (var view : IngressRoutes.of(ingress, views)) {
                var route = RoutePlanner.plan(view, backends);
                if (!foreign) {
                    routes.computeIfAbsent(service.key(), _ -> new ArrayList<>())
                            .add(route);
                    clusters.putAll(route.clusters());
                }
                route.unresolved().forEach(fault -> problems.add(Problem.of(fault)));
                view.rules().stream()
                        .map(HttpRule::fault)
                        .flatMap(Optional::stream)
                        .forEach(fault -> problems.add(new Problem("BackendNotFound", fault)));
            }
            statuses.put(
                    ingress.key(),
                    new IngressStatus(
                            ingress.key(),
                            generated.addresses(service.key(), owner),
                            problems.stream().distinct().toList(),
                            listenerName(service)));
        }
    }

    private static String listenerName(IngressService service) {
        return "%s/%d".formatted(service.key(), PORT);
    }

    private static HttpListener listener(IngressService service, Collection<PlannedRoute> routes) {
        var attached = routes.stream()
                .map(route -> new VirtualHosts.Attached(route, route.view().hostnames()))
                .toList();
        return new HttpListener(
                listenerName(service),
                service.key(),
                service.ingress().map(ingress -> "Ingress/" + ingress).orElse("Service/" + service.key()),
                PORT,
                VirtualHosts.of(List.of(new VirtualHosts.Listener(Hostname.ANY, attached))));
    }
}
