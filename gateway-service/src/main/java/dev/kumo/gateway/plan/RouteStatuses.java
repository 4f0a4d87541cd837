// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.HttpRule;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.plan.RouteStatus.ParentStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says of each route what its parents make of it. Stateless; any thread. */
final class RouteStatuses {
    private RouteStatuses() {}

    static List<RouteStatus> of(Routing routing) {
        Map<ObjectKey, List<ParentStatus>> parents = new TreeMap<>();
        for (var attachment : routing.attachments()) {
            var route = routing.routes().get(attachment.route().key());
            if (route != null) {
                parents.computeIfAbsent(attachment.route().key(), key -> new ArrayList<>())
                        .add(new ParentStatus(attachment.parent(), conditions(attachment, route)));
            }
        }
        return parents.entrySet().stream()
                .map(entry -> new RouteStatus(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    private static List<Condition> conditions(Attachment attachment, PlannedRoute route) {
        long generation = route.view().stamp().generation();
        var conditions = new ArrayList<Condition>();
        conditions.add(attachment
                .fault()
                .map(fault -> new Condition("Accepted", false, fault.reason(), fault.message(), generation))
                .orElseGet(() -> new Condition("Accepted", true, "Accepted", "the route is served", generation)));
        var faults = faults(route);
        if (attachment.accepted() && !faults.isEmpty()) {
            conditions.add(new Condition(
                    "PartiallyInvalid",
                    true,
                    "UnsupportedValue",
                    "Dropped Rule, requests of matches that can be read get 500: " + faults,
                    generation));
        }
        conditions.add(resolved(route, generation));
        return List.copyOf(conditions);
    }

    private static String faults(PlannedRoute route) {
        return route.view().rules().stream()
                .map(HttpRule::fault)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
    }

    /** The reason is the first reference's; the message has them all. */
    private static Condition resolved(PlannedRoute route, long generation) {
        var unresolved = route.unresolved();
        if (unresolved.isEmpty()) {
            return new Condition("ResolvedRefs", true, "ResolvedRefs", "all references resolve", generation);
        }
        return new Condition(
                "ResolvedRefs",
                false,
                unresolved.getFirst().reason(),
                unresolved.stream().map(Fault::message).collect(Collectors.joining("; ")),
                generation);
    }
}
