// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.HttpRouteView.ParentRef;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What becomes of one parentRef of a route.
 *
 * @param hosts per listener of the Gateway that takes the route, the names that both have; empty if none does
 * @param fault why the route isn't accepted
 */
record Attachment(HttpRouteView route, ParentRef parent, Map<String, List<Hostname>> hosts, Optional<Fault> fault) {

    /** Judges whether routes may attach; knows the labels of namespaces. */
    record Rules(Map<String, NamespaceView> namespaces) {

        Attachment attach(HttpRouteView route, ParentRef parent, List<SettledListener> listeners) {
            var named = listeners.stream()
                    .filter(listener ->
                            parent.section().map(listener.view().name()::equals).orElse(true))
                    .filter(listener -> parent.port().isEmpty()
                            || parent.port().getAsInt() == listener.view().port())
                    .toList();
            if (named.isEmpty()) {
                return refused(route, parent, "NoMatchingParent", "the Gateway has no such listener");
            }
            var allowed = named.stream()
                    .filter(listener -> allows(listener, parent.key(), route.key()))
                    .toList();
            if (allowed.isEmpty()) {
                return refused(
                        route,
                        parent,
                        "NotAllowedByListeners",
                        "no listener allows HTTPRoutes of namespace "
                                + route.key().namespace());
            }
            if (route.fault().isPresent()) {
                return refused(route, parent, "UnsupportedValue", route.fault().get());
            }
            var hosts = new TreeMap<String, List<Hostname>>();
            for (var listener : allowed) {
                var common = common(listener.view().hostname(), route.hostnames());
                if (!common.isEmpty()) {
                    hosts.put(listener.view().name(), common);
                }
            }
            if (hosts.isEmpty()) {
                return refused(
                        route, parent, "NoMatchingListenerHostname", "no listener has one of the route's hostnames");
            }
            return new Attachment(route, parent, hosts, fault(route));
        }

        private boolean allows(SettledListener listener, ObjectKey gateway, ObjectKey route) {
            if (!listener.kinds().contains(ListenerPlanner.HTTP_ROUTE)) {
                return false;
            }
            var allowed = listener.view().allowed();
            return switch (allowed.from()) {
                case ALL -> true;
                case SAME -> gateway.namespace().equals(route.namespace());
                case NONE -> false;
                case SELECTOR -> {
                    var namespace = namespaces.get(route.namespace());
                    yield namespace != null
                            && allowed.selector()
                                    .filter(selector -> selector.matches(namespace.labels()))
                                    .isPresent();
                }
            };
        }
    }

    boolean accepted() {
        return fault.isEmpty();
    }

    /** A route of which every rule is wrong isn't accepted, but its requests get 500 and no other route's backend. */
    private static Optional<Fault> fault(HttpRouteView route) {
        if (route.rules().isEmpty()
                || !route.rules().stream().allMatch(rule -> rule.fault().isPresent())) {
            return Optional.empty();
        }
        return route.rules().getFirst().fault().map(message -> new Fault("UnsupportedValue", message));
    }

    private static Attachment refused(HttpRouteView route, ParentRef parent, String reason, String message) {
        return new Attachment(route, parent, Map.of(), Optional.of(new Fault(reason, message)));
    }

    private static List<Hostname> common(Hostname listener, List<Hostname> route) {
        if (route.isEmpty()) {
            return List.of(listener);
        }
        var common = new ArrayList<Hostname>();
        for (var hostname : route) {
            listener.intersect(hostname).filter(host -> !common.contains(host)).ifPresent(common::add);
        }
        return List.copyOf(common);
    }
}
