// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpFilter;
import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.HttpRouteView.ParentRef;
import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.HttpRule.BackendRef;
import dev.kumo.gateway.model.ObjectKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads HTTPRoutes. A rule with something wrong in it, or with a field that we don't serve, becomes a rule with a fault: the
 * others go on. Stateless.
 */
public final class HttpRouteReader {
    private static final int HEAVIEST = 1_000_000;

    private HttpRouteReader() {}

    public static HttpRouteView route(GenericKubernetesResource resource) {
        var key = GatewayReader.key(resource);
        var stamp = GatewayReader.stamp(resource);
        var parents = new ArrayList<ParentRef>();
        var hostnames = new ArrayList<Hostname>();
        var rules = new ArrayList<HttpRule>();
        Optional<String> fault = Optional.empty();
        try {
            var spec = Fields.of("spec", resource.get("spec"));
            for (var parent : spec.objects("parentRefs")) {
                parents.add(parent(parent, key.namespace()));
            }
            for (var text : spec.texts("hostnames")) {
                hostnames.add(Hostname.of(text)
                        .orElseThrow(() -> new InvalidField("spec.hostnames", "not a host name: " + text)));
            }
            for (var rule : spec.objects("rules")) {
                rules.add(rule(rule, key.namespace()));
            }
            spec.end();
        } catch (InvalidField invalid) {
            fault = Optional.of(invalid.text());
        }
        return new HttpRouteView(key, stamp, List.copyOf(parents), List.copyOf(hostnames), List.copyOf(rules), fault);
    }

    private static ParentRef parent(Fields fields, String namespace) throws InvalidField {
        var parent = new ParentRef(
                fields.text("group").orElse(GatewayReader.GROUP),
                fields.text("kind").orElse("Gateway"),
                new ObjectKey(fields.text("namespace").orElse(namespace), fields.needText("name")),
                fields.text("sectionName"),
                fields.integer("port", 1, 65535));
        fields.end();
        return parent;
    }

    private static HttpRule rule(Fields fields, String namespace) {
        var name = "";
        var matches = new ArrayList<HttpMatch>();
        try {
            name = fields.text("name").orElse("");
            for (var match : fields.objects("matches")) {
                matches.add(MatchReader.match(match));
            }
            if (matches.isEmpty()) {
                matches.add(HttpMatch.ALL);
            }
            var filters = FilterReader.filters(fields.objects("filters"), namespace);
            var backends = new ArrayList<BackendRef>();
            for (var backend : fields.objects("backendRefs")) {
                backends.add(backend(backend, namespace));
            }
            var timeout = timeout(fields.object("timeouts"));
            fields.end();
            check(fields, matches, filters, backends);
            return new HttpRule(name, List.copyOf(matches), filters, backends, timeout, Optional.empty());
        } catch (InvalidField invalid) {
            return new HttpRule(
                    name, List.copyOf(matches), List.of(), List.of(), Duration.ZERO, Optional.of(invalid.text()));
        }
    }

    private static BackendRef backend(Fields fields, String namespace) throws InvalidField {
        var target = FilterReader.target(fields, namespace);
        int weight = fields.integer("weight", 0, HEAVIEST).orElse(1);
        var filters = FilterReader.filters(fields.objects("filters"), namespace);
        fields.end();
        return new BackendRef(target, weight, filters);
    }

    /** Nothing is tried again here, so the shorter of the two limits is the limit. */
    private static Duration timeout(Fields fields) throws InvalidField {
        var request = duration(fields, "request");
        var backend = duration(fields, "backendRequest");
        fields.end();
        if (!request.isZero() && backend.compareTo(request) > 0) {
            throw new InvalidField(fields.path("backendRequest"), "is longer than " + fields.path("request"));
        }
        return backend.isZero() ? request : backend;
    }

    private static Duration duration(Fields fields, String name) throws InvalidField {
        var text = fields.text(name);
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        return GatewayDuration.parse(text.get())
                .orElseThrow(() -> new InvalidField(fields.path(name), "not a duration such as 1m30s: " + text.get()));
    }

    private static void check(Fields rule, List<HttpMatch> matches, List<HttpFilter> filters, List<BackendRef> backends)
            throws InvalidField {
        boolean redirects = filters.stream().anyMatch(HttpFilter.Redirect.class::isInstance);
        if (redirects && filters.stream().anyMatch(HttpFilter.Rewrite.class::isInstance)) {
            throw new InvalidField(rule.path("filters"), "RequestRedirect and URLRewrite exclude each other");
        }
        if (redirects && !backends.isEmpty()) {
            throw new InvalidField(rule.path("backendRefs"), "a rule with a RequestRedirect has no backends");
        }
        boolean prefix = filters.stream()
                .map(filter -> switch (filter) {
                    case HttpFilter.Redirect redirect -> redirect.path();
                    case HttpFilter.Rewrite rewrite -> rewrite.path();
                    default -> Optional.<HttpFilter.PathChange>empty();
                })
                .flatMap(Optional::stream)
                .anyMatch(HttpFilter.PathChange.Prefix.class::isInstance);
        if (prefix && !matches.stream().allMatch(match -> match.path().kind() == HttpMatch.PathMatch.Kind.PREFIX)) {
            throw new InvalidField(rule.path("filters"), "ReplacePrefixMatch needs a PathPrefix in every match");
        }
        for (var backend : backends) {
            for (var filter : backend.filters()) {
                switch (filter) {
                    case HttpFilter.RequestHeaders headers -> {}
                    case HttpFilter.ResponseHeaders headers -> {}
                    case HttpFilter.Mirror mirror when backends.size() == 1 -> {}
                    case HttpFilter.Mirror mirror ->
                        throw new InvalidField(
                                rule.path("backendRefs"),
                                "RequestMirror on one of several backends is not supported; put it on the rule");
                    case HttpFilter.Redirect redirect ->
                        throw new InvalidField(
                                rule.path("backendRefs"), "RequestRedirect on a backend is not supported");
                    case HttpFilter.Rewrite rewrite ->
                        throw new InvalidField(rule.path("backendRefs"), "URLRewrite on a backend is not supported");
                }
            }
        }
    }
}
