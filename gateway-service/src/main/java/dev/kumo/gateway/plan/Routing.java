// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ObjectKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who is attached to whom.
 *
 * @param gateways ours, with their listeners
 * @param routes that name one of them, oldest first
 * @param attachments in the order of the routes, then of their parentRefs
 * @param byGateway the same by whom they are to
 */
record Routing(
        Map<ObjectKey, List<SettledListener>> gateways,
        Map<ObjectKey, PlannedRoute> routes,
        List<Attachment> attachments,
        Map<ObjectKey, List<Attachment>> byGateway) {

    static Routing of(
            Map<ObjectKey, List<SettledListener>> gateways,
            Map<ObjectKey, PlannedRoute> routes,
            List<Attachment> attachments) {
        return new Routing(
                gateways,
                routes,
                attachments,
                attachments.stream()
                        .collect(Collectors.groupingBy(
                                attachment -> attachment.parent().key())));
    }

    /** Routes that a listener takes, each once with all of its names. @param accepted only those that are accepted */
    Collection<VirtualHosts.Attached> attached(ObjectKey gateway, String listener, boolean accepted) {
        var attached = new LinkedHashMap<ObjectKey, VirtualHosts.Attached>();
        for (var attachment : byGateway.getOrDefault(gateway, List.of())) {
            var hosts = attachment.hosts().get(listener);
            var route = routes.get(attachment.route().key());
            if (hosts != null && route != null && (attachment.accepted() || !accepted)) {
                attached.putIfAbsent(attachment.route().key(), new VirtualHosts.Attached(route, hosts));
            }
        }
        return attached.values();
    }
}
