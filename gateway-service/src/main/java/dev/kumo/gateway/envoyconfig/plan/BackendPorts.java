// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.AMBIGUOUS_PORT;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.PORT_NOT_FOUND;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.SERVICE_NOT_FOUND;

import dev.kumo.gateway.envoyconfig.model.BackendRef;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView.Listing;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Which port of a Service a cluster means: the one it names, else the only one that is listed, else the Service's only one. */
record BackendPorts(List<Listing> listed, Map<ObjectKey, ServiceView> services) {
    static List<ServiceView.Port> tcp(ServiceView service) {
        return service.externalName()
                ? List.of()
                : service.ports().stream()
                        .filter(port -> port.protocol().equals("TCP"))
                        .toList();
    }

    /** @return {@code namespace/service:port}, or empty, which is a cluster without endpoints, with the reason in {@code unresolved} */
    String serviceName(BackendRef ref, Collection<EnvoyConfigFault> unresolved) {
        var service = services.get(ref.service());
        if (service == null) {
            return unresolved(ref, SERVICE_NOT_FOUND, "there is no Service " + ref.service(), unresolved);
        }
        var wanted = ref.port().isEmpty() ? listedPorts(ref.service()) : List.of(ref.port());
        var ports = tcp(service).stream()
                .filter(port -> wanted.isEmpty()
                        || wanted.contains(String.valueOf(port.number()))
                        || wanted.contains(port.name()))
                .toList();
        if (ports.isEmpty()) {
            return unresolved(
                    ref,
                    PORT_NOT_FOUND,
                    "Service %s has no TCP port %s"
                            .formatted(ref.service(), String.join(", ", wanted))
                            .stripTrailing(),
                    unresolved);
        }
        if (ports.size() > 1) {
            return unresolved(
                    ref,
                    AMBIGUOUS_PORT,
                    "Service %s has several ports; name one, as %s:%d"
                            .formatted(
                                    ref.service(),
                                    ref.service(),
                                    ports.getFirst().number()),
                    unresolved);
        }
        return ref.service() + ":" + ports.getFirst().number();
    }

    /** Empty if one entry lists all. */
    private List<String> listedPorts(ObjectKey service) {
        var entries = listed.stream()
                .filter(listing -> listing.service().equals(service))
                .toList();
        return entries.stream().anyMatch(listing -> listing.ports().isEmpty())
                ? List.of()
                : entries.stream()
                        .flatMap(listing -> listing.ports().stream())
                        .distinct()
                        .toList();
    }

    private static String unresolved(
            BackendRef ref, EnvoyConfigReason reason, String why, Collection<EnvoyConfigFault> unresolved) {
        unresolved.add(new EnvoyConfigFault(reason, "cluster " + ref, why));
        return "";
    }
}
