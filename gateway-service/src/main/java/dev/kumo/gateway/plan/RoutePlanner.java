// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.HttpFilter;
import dev.kumo.gateway.model.HttpFilter.HeaderChange;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.plan.Backends.Found;
import dev.kumo.gateway.plan.HttpAction.MirrorShare;
import dev.kumo.gateway.plan.HttpAction.Share;
import dev.kumo.gateway.plan.HttpListener.Entry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plans one route: what happens to the requests of each match. Used for one route, by one thread. */
final class RoutePlanner {
    private static final int REFUSED = 500;

    private final HttpRouteView route;
    private final Backends backends;
    private final SortedMap<String, BackendCluster> clusters = new TreeMap<>();
    private final Set<Fault> unresolved = new LinkedHashSet<>();

    private RoutePlanner(HttpRouteView route, Backends backends) {
        this.route = route;
        this.backends = backends;
    }

    static PlannedRoute plan(HttpRouteView route, Backends backends) {
        return new RoutePlanner(route, backends).plan();
    }

    private PlannedRoute plan() {
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < route.rules().size(); i++) {
            var rule = route.rules().get(i);
            var name = rule.name().isEmpty() ? String.valueOf(i) : rule.name();
            var filters = filters(rule);
            var action = action(rule, filters);
            for (int m = 0; m < rule.matches().size(); m++) {
                entries.add(new Entry(
                        "%s/%s/%d".formatted(route.key(), name, m),
                        rule.matches().get(m),
                        requestChange(rule.filters()),
                        responseChange(rule.filters()),
                        action));
            }
        }
        return new PlannedRoute(route, List.copyOf(entries), clusters, List.copyOf(unresolved));
    }

    /** The rule's filters and, of a single backend, those that Envoy has for whole rules only. */
    private static List<HttpFilter> filters(HttpRule rule) {
        var filters = new ArrayList<>(rule.filters());
        if (rule.backends().size() == 1) {
            rule.backends().getFirst().filters().stream()
                    .filter(HttpFilter.Mirror.class::isInstance)
                    .forEach(filters::add);
        }
        return filters;
    }

    private HttpAction action(HttpRule rule, List<HttpFilter> filters) {
        if (rule.fault().isPresent()) {
            return new HttpAction.Respond(REFUSED);
        }
        var redirect = first(filters, HttpFilter.Redirect.class);
        if (redirect.isPresent()) {
            return new HttpAction.Redirect(redirect.get());
        }
        var shares = new ArrayList<Share>();
        int refused = 0;
        for (var backend : rule.backends()) {
            switch (backends.find(backend.target(), route.key().namespace())) {
                case Found.Missing missing -> {
                    unresolved.add(missing.fault());
                    refused += backend.weight();
                }
                case Found.Backend found
                when backend.weight() > 0 -> {
                    clusters.put(found.cluster().name(), found.cluster());
                    shares.add(new Share(
                            found.cluster().name(),
                            backend.weight(),
                            requestChange(backend.filters()),
                            responseChange(backend.filters())));
                }
                case Found.Backend unused -> {}
            }
        }
        var mirrors = mirrors(filters);
        if (shares.isEmpty()) {
            return new HttpAction.Respond(REFUSED);
        }
        return new HttpAction.Forward(
                List.copyOf(shares), refused, first(filters, HttpFilter.Rewrite.class), mirrors, rule.timeout());
    }

    private List<MirrorShare> mirrors(List<HttpFilter> filters) {
        var mirrors = new ArrayList<MirrorShare>();
        for (var filter : filters) {
            if (filter instanceof HttpFilter.Mirror mirror) {
                switch (backends.find(mirror.target(), route.key().namespace())) {
                    case Found.Missing missing -> unresolved.add(missing.fault());
                    case Found.Backend found -> {
                        clusters.put(found.cluster().name(), found.cluster());
                        mirrors.add(new MirrorShare(found.cluster().name(), mirror.numerator(), mirror.denominator()));
                    }
                }
            }
        }
        return List.copyOf(mirrors);
    }

    private static HeaderChange requestChange(List<HttpFilter> filters) {
        return first(filters, HttpFilter.RequestHeaders.class)
                .map(HttpFilter.RequestHeaders::change)
                .orElse(HeaderChange.NONE);
    }

    private static HeaderChange responseChange(List<HttpFilter> filters) {
        return first(filters, HttpFilter.ResponseHeaders.class)
                .map(HttpFilter.ResponseHeaders::change)
                .orElse(HeaderChange.NONE);
    }

    private static <T extends HttpFilter> Optional<T> first(List<HttpFilter> filters, Class<T> type) {
        return filters.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
