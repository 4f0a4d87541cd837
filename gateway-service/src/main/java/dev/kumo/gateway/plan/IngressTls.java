// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpFilter;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.plan.HttpListener.Entry;
import dev.kumo.gateway.plan.HttpListener.TlsChain;
import dev.kumo.gateway.plan.IngressPlan.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Certificates of the Ingresses of one Service: the older Ingress has a host. Used for one plan, by one thread. */
final class IngressTls {
    private static final int PERMANENT = 308;
    private static final HttpAction TO_HTTPS = new HttpAction.Redirect(
            new HttpFilter.Redirect("https", "", Optional.empty(), OptionalInt.empty(), PERMANENT));

    private final Map<Hostname, ObjectKey> secrets = new TreeMap<>(Hostname.SPECIFICITY);

    /** @return what of the Ingress's certificates can't be served */
    List<Problem> add(IngressView ingress, Certificates certificates) {
        var problems = new ArrayList<Problem>();
        for (var tls : ingress.tls()) {
            var key = new ObjectKey(ingress.key().namespace(), tls.secret());
            var fault = tls.secret().isEmpty()
                    ? Optional.of(
                            new Fault("InvalidCertificateRef", "spec.tls names no Secret; there is no default one"))
                    : certificates.fault(key);
            if (fault.isPresent()) {
                problems.add(Problem.of(fault.get()));
                continue;
            }
            for (var host : tls.hosts().isEmpty() ? List.of(Hostname.ANY) : tls.hosts()) {
                var before = secrets.putIfAbsent(host, key);
                if (before != null && !before.equals(key)) {
                    problems.add(new Problem(
                            "HostnameConflict", "host %s has the certificate of Secret %s".formatted(host, before)));
                }
            }
        }
        return problems;
    }

    /** Most specific first. */
    List<TlsChain> chains() {
        return secrets.entrySet().stream()
                .map(entry -> new TlsChain(entry.getKey(), List.of(entry.getValue())))
                .toList();
    }

    Collection<ObjectKey> secrets() {
        return secrets.values();
    }

    /** The route as plain requests see it: hosts that shall have a certificate are sent to HTTPS, whether they have it or not. */
    static PlannedRoute plain(PlannedRoute route, IngressView ingress) {
        var hosts = route.view().hostnames();
        boolean covered = ingress.tls().stream()
                .anyMatch(tls -> tls.hosts().isEmpty()
                        || hosts.stream().allMatch(host -> tls.hosts().stream().anyMatch(name -> name.covers(host))));
        if (!covered) {
            return route;
        }
        var entries = route.entries().stream()
                .map(entry -> new Entry(entry.name(), entry.match(), entry.request(), entry.response(), TO_HTTPS))
                .toList();
        return new PlannedRoute(route.view(), entries, route.clusters(), route.unresolved());
    }
}
