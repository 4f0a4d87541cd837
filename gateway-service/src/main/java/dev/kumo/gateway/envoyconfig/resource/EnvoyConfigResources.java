// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import dev.kumo.gateway.envoyconfig.plan.PlannedEnvoyConfig;
import java.util.Comparator;
import java.util.List;

/** What Envoy gets of a planned configuration. Stateless. */
public final class EnvoyConfigResources {
    private EnvoyConfigResources() {}

    /**
     * Its resources by kind and name; none while no listener of it is needed.
     *
     * @param messages of the object that was planned
     */
    public static List<EnvoyMessage> of(PlannedEnvoyConfig planned, List<EnvoyMessage> messages) {
        boolean needed = messages.stream()
                .anyMatch(message -> message.kind() == ResourceKind.LISTENER && planned.needs(message.name()));
        if (!planned.isAccepted() || !needed) {
            return List.of();
        }
        return messages.stream()
                .filter(message -> message.kind() != ResourceKind.LISTENER || planned.needs(message.name()))
                .map(message -> resolved(planned, message))
                .sorted(Comparator.comparing(EnvoyMessage::kind).thenComparing(EnvoyMessage::name))
                .toList();
    }

    private static EnvoyMessage resolved(PlannedEnvoyConfig planned, EnvoyMessage message) {
        var serviceName =
                message.kind() == ResourceKind.CLUSTER ? planned.endpoints().get(message.name()) : null;
        return serviceName == null ? message : ClusterReading.resolved(message, serviceName);
    }
}
