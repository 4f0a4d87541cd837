// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.plan.HttpListener.Entry;
import dev.kumo.gateway.plan.HttpListener.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Orders the routes of one port by domain. A name belongs to the most specific listener that has it and is served by that one's
 * routes only; within it the most specific hostname's rules come first, then the specification's precedence of matches, then
 * the older route. Stateless; any thread.
 */
final class VirtualHosts {
    /** Within one hostname; a sort that keeps the order of equals does the rest. */
    private static final Comparator<HttpMatch> PRECEDENCE = Comparator.comparing(
                    (HttpMatch match) -> match.path().kind())
            .thenComparing(match -> -match.path().value().length())
            .thenComparing(match -> match.method().isEmpty())
            .thenComparing(match -> -match.headers().size())
            .thenComparing(match -> -match.query().size());

    private VirtualHosts() {}

    /** A listener of the port. @param routes oldest first */
    record Listener(Hostname hostname, List<Attached> routes) {}

    /** A route with the names it has on a listener. */
    record Attached(PlannedRoute route, List<Hostname> hosts) {}

    private record Placed(Hostname host, Entry entry) {}

    static List<VirtualHost> of(Collection<Listener> listeners) {
        var hosts = new ArrayList<VirtualHost>();
        for (var listener : listeners) {
            var domains = new TreeSet<>(Hostname.SPECIFICITY);
            domains.add(listener.hostname());
            var byHost = new HashMap<Hostname, List<Attached>>();
            for (var attached : listener.routes()) {
                domains.addAll(attached.hosts());
                attached.hosts()
                        .forEach(host -> byHost.computeIfAbsent(host, _ -> new ArrayList<>())
                                .add(attached));
            }
            for (var domain : domains) {
                if (owner(domain, listeners).equals(listener.hostname())) {
                    var entries = entries(domain, byHost);
                    if (!entries.isEmpty() || !domain.isAny()) {
                        hosts.add(new VirtualHost(domain.text(), entries));
                    }
                }
            }
        }
        hosts.sort(Comparator.comparing(VirtualHost::domain));
        return List.copyOf(hosts);
    }

    private static Hostname owner(Hostname domain, Collection<Listener> listeners) {
        return listeners.stream()
                .map(Listener::hostname)
                .filter(hostname -> hostname.covers(domain))
                .min(Hostname.SPECIFICITY)
                .orElseThrow();
    }

    /** A route counts by the most specific of its names that have the domain. */
    private static List<Entry> entries(Hostname domain, Map<Hostname, List<Attached>> byHost) {
        var placed = new ArrayList<Placed>();
        Set<Attached> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (var host : domain.covering()) {
            for (var attached : byHost.getOrDefault(host, List.of())) {
                if (counted.add(attached)) {
                    attached.route().entries().forEach(entry -> placed.add(new Placed(host, entry)));
                }
            }
        }
        placed.sort(Comparator.comparing(Placed::host, Hostname.SPECIFICITY)
                .thenComparing(place -> place.entry().match(), PRECEDENCE));
        return placed.stream().map(Placed::entry).toList();
    }
}
