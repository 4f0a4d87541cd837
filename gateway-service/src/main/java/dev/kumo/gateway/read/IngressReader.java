// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpMatch.PathMatch;
import dev.kumo.gateway.model.IngressClassView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.IngressView.Backend;
import dev.kumo.gateway.model.IngressView.Path;
import dev.kumo.gateway.model.IngressView.Rule;
import dev.kumo.gateway.model.IngressView.Tls;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.Stamp;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads Ingresses. A path or host with something wrong is left out and listed as a problem; the others go on. Stateless. */
public final class IngressReader {
    public static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

    private static final String LEGACY_CLASS = "kubernetes.io/ingress.class";

    private IngressReader() {}

    public static IngressView ingress(Ingress ingress) {
        var metadata = ingress.getMetadata();
        var annotations = metadata.getAnnotations() == null
                ? new TreeMap<String, String>()
                : new TreeMap<>(metadata.getAnnotations());
        var problems = new ArrayList<String>();
        var spec = Optional.ofNullable(ingress.getSpec());
        var tls = tls(spec.map(s -> s.getTls()).orElse(List.of()), problems);
        Optional<Backend> fallback = Optional.empty();
        try {
            var backend = spec.map(s -> s.getDefaultBackend());
            fallback =
                    backend.isPresent() ? Optional.of(backend("spec.defaultBackend", backend.get())) : Optional.empty();
        } catch (InvalidField invalid) {
            problems.add(invalid.text());
        }
        var rules = new ArrayList<Rule>();
        for (var rule : spec.map(s -> s.getRules()).orElse(List.of())) {
            var host = Objects.requireNonNullElse(rule.getHost(), "");
            var name = host.isEmpty() ? Optional.of(Hostname.ANY) : Hostname.of(host);
            if (name.isEmpty()) {
                problems.add("spec.rules.host: not a host name: " + host);
                continue;
            }
            var paths = Optional.ofNullable(rule.getHttp())
                    .map(http -> http.getPaths())
                    .orElse(List.of());
            rules.add(new Rule(name.get(), paths("spec.rules[%s]".formatted(name.get()), paths, problems)));
        }
        return new IngressView(
                new ObjectKey(Objects.requireNonNullElse(metadata.getNamespace(), "default"), metadata.getName()),
                new Stamp(
                        Objects.requireNonNullElse(metadata.getGeneration(), 0L),
                        Objects.requireNonNullElse(metadata.getCreationTimestamp(), "")),
                spec.map(s -> s.getIngressClassName()).orElse(annotations.getOrDefault(LEGACY_CLASS, "")),
                annotations,
                fallback,
                tls,
                List.copyOf(rules),
                List.copyOf(problems));
    }

    private static List<Tls> tls(List<IngressTLS> all, List<String> problems) {
        var entries = new ArrayList<Tls>();
        for (var entry : all) {
            var hosts = new ArrayList<Hostname>();
            for (var text : Objects.requireNonNullElse(entry.getHosts(), List.<String>of())) {
                Hostname.of(text)
                        .ifPresentOrElse(hosts::add, () -> problems.add("spec.tls.hosts: not a host name: " + text));
            }
            // One of which every name is wrong is for no host, not for all.
            if (!hosts.isEmpty()
                    || Objects.requireNonNullElse(entry.getHosts(), List.of()).isEmpty()) {
                entries.add(new Tls(List.copyOf(hosts), Objects.requireNonNullElse(entry.getSecretName(), "")));
            }
        }
        return List.copyOf(entries);
    }

    public static IngressClassView ingressClass(IngressClass resource) {
        var annotations = Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.<String, String>of());
        return new IngressClassView(
                resource.getMetadata().getName(),
                Optional.ofNullable(resource.getSpec())
                        .map(spec -> spec.getController())
                        .orElse(""),
                "true".equals(annotations.get(DEFAULT_CLASS)));
    }

    private static List<Path> paths(String where, List<HTTPIngressPath> all, List<String> problems) {
        var paths = new ArrayList<Path>();
        for (var path : all) {
            try {
                paths.add(new Path(match(where, path), backend(where + ".backend", path.getBackend())));
            } catch (InvalidField invalid) {
                problems.add(invalid.text());
            }
        }
        return List.copyOf(paths);
    }

    /** ImplementationSpecific is an expression, as in Cilium; without a path, or with {@code /}, it is everything. */
    private static PathMatch match(String where, HTTPIngressPath path) throws InvalidField {
        var value = Objects.requireNonNullElse(path.getPath(), "");
        var type = Objects.requireNonNullElse(path.getPathType(), "ImplementationSpecific");
        var at = where + ".path";
        return switch (type) {
            case "Exact" -> new PathMatch(PathMatch.Kind.EXACT, MatchReader.plain(at, value));
            case "Prefix" -> new PathMatch(PathMatch.Kind.PREFIX, MatchReader.prefix(at, value));
            case "ImplementationSpecific" ->
                value.isEmpty() || value.equals("/")
                        ? new PathMatch(PathMatch.Kind.PREFIX, "/")
                        : new PathMatch(PathMatch.Kind.REGULAR_EXPRESSION, Expressions.check(at, value));
            default -> throw new InvalidField(at, type + " is not one of Exact, Prefix, ImplementationSpecific");
        };
    }

    private static Backend backend(String at, @Nullable IngressBackend backend) throws InvalidField {
        var service = backend == null ? null : backend.getService();
        if (service == null) {
            throw new InvalidField(at, "only Services are supported as backends");
        }
        var port = Optional.ofNullable(service.getPort());
        var number = port.map(p -> p.getNumber()).orElse(0);
        return new Backend(
                service.getName(),
                number == 0 ? OptionalInt.empty() : OptionalInt.of(number),
                port.map(p -> p.getName()).orElse(""));
    }
}
