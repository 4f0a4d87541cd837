// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.IngressClassView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.plan.HttpListener.TlsChain;
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

    private static final Comparator<IngressView> AGE = Comparator.comparing(
                    (IngressView ingress) -> ingress.stamp().created())
            .thenComparing(IngressView::key);

    public IngressPlan plan(IngressInputs inputs) {
        return new Planning(inputs).plan();
    }

    /** Those of our class, oldest first; none if somebody else's controller has it. */
    public static List<IngressView> ours(Collection<IngressClassView> classes, Collection<IngressView> ingresses) {
        var view = classes.stream()
                .filter(candidate -> candidate.name().equals(CLASS))
                .findFirst();
        if (!view.map(IngressClassView::controller).orElse(CONTROLLER).equals(CONTROLLER)) {
            return List.of();
        }
        boolean byDefault = view.map(IngressClassView::isDefault).orElse(false);
        return ingresses.stream()
                .filter(ingress -> ingress.ingressClass().equals(CLASS)
                        || ingress.ingressClass().isEmpty() && byDefault)
                .sorted(AGE)
                .toList();
    }

    /** One plan in the making. */
    private static final class Planning {
        private final IngressInputs inputs;
        private final Map<ObjectKey, ServiceView> views;
        private final Backends backends;
        private final Certificates certificates;
        private final GeneratedServices generated;
        private final Map<ObjectKey, Shared> services = new TreeMap<>();
        private final Map<String, BackendCluster> clusters = new TreeMap<>();
        private final Map<ObjectKey, IngressStatus> statuses = new TreeMap<>();

        Planning(IngressInputs inputs) {
            this.inputs = inputs;
            this.views = inputs.services().stream().collect(Collectors.toMap(ServiceView::key, Function.identity()));
            this.backends = new Backends(inputs.services(), List.of());
            this.certificates = new Certificates(inputs.secrets(), List.of());
            this.generated = new GeneratedServices(inputs.services(), inputs.refused());
        }

        IngressPlan plan() {
            ours(inputs.classes(), inputs.ingresses()).forEach(this::add);
            return new IngressPlan(
                    List.copyOf(statuses.values()),
                    services.values().stream().map(Shared::service).toList(),
                    services.values().stream()
                            .flatMap(shared -> shared.listeners().stream())
                            .toList(),
                    List.copyOf(clusters.values()),
                    certificates.pairs(services.values().stream()
                            .flatMap(shared -> shared.tls().secrets().stream())
                            .toList()));
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
            var shared =
                    foreign ? new Shared(service) : services.computeIfAbsent(service.key(), _ -> new Shared(service));
            problems.addAll(shared.tls().add(ingress, certificates));
            for (var view : IngressRoutes.of(ingress, views)) {
                var route = RoutePlanner.plan(view, backends);
                shared.plain().add(settings.forceHttps() ? IngressTls.plain(route, ingress) : route);
                shared.encrypted().add(route);
                if (!foreign) {
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
                            service.key()));
        }
    }

    /**
     * The Ingresses of one Service, one of them or all that share.
     *
     * @param plain routes as plain requests see them
     * @param encrypted routes as requests over TLS see them
     */
    private record Shared(
            IngressService wanted, IngressTls tls, List<PlannedRoute> plain, List<PlannedRoute> encrypted) {
        Shared(IngressService wanted) {
            this(wanted, new IngressTls(), new ArrayList<>(), new ArrayList<>());
        }

        IngressService service() {
            return tls.chains().isEmpty() ? wanted : wanted.withHttps();
        }

        List<HttpListener> listeners() {
            var http = listener(IngressServices.HTTP, List.of(), plain);
            return tls.chains().isEmpty()
                    ? List.of(http)
                    : List.of(listener(IngressServices.HTTPS, tls.chains(), encrypted), http);
        }

        private HttpListener listener(int port, List<TlsChain> chains, Collection<PlannedRoute> routes) {
            var attached = routes.stream()
                    .map(route -> new VirtualHosts.Attached(route, route.view().hostnames()))
                    .toList();
            return new HttpListener(
                    "%s/%d".formatted(wanted.key(), port),
                    wanted.key(),
                    wanted.ingress().map(ingress -> "Ingress/" + ingress).orElse("Service/" + wanted.key()),
                    port,
                    chains,
                    VirtualHosts.of(List.of(new VirtualHosts.Listener(Hostname.ANY, attached))));
        }
    }
}
