// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason;
import dev.kumo.gateway.plan.Condition;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says of a configuration whether it can be served (Accepted), whether all that it names is there (ResolvedRefs) and whether nodes
 * serve it (Programmed). Cilium's have no status.
 */
public final class EnvoyConfigConditions {
    /** More would be read by nobody. */
    private static final int TOLD = 8;

    private EnvoyConfigConditions() {}

    /** @param progress what nodes say; not asked where nothing is to be served */
    public static List<Condition> of(PlannedEnvoyConfig planned, Progress progress) {
        if (!planned.isAccepted()) {
            var faults = planned.view().faults();
            return List.of(
                    condition(planned, "Accepted", false, faults.getFirst().reason(), messages(faults)),
                    condition(planned, "ResolvedRefs", false, EnvoyConfigReason.NOT_ACCEPTED, "not looked at"),
                    condition(planned, "Programmed", false, EnvoyConfigReason.NOT_ACCEPTED, "nothing of it is served"));
        }
        var idle = planned.view().listeners().stream()
                .filter(listener -> !planned.needs(listener))
                .collect(Collectors.joining(", "));
        var accepted = condition(
                planned,
                "Accepted",
                true,
                EnvoyConfigReason.ACCEPTED,
                idle.isEmpty() ? "the configuration is valid" : "valid; no Service leads to listener " + idle);
        return List.of(accepted, resolved(planned), programmed(planned, progress));
    }

    private static Condition resolved(PlannedEnvoyConfig planned) {
        var unresolved = planned.unresolved();
        return unresolved.isEmpty()
                ? condition(planned, "ResolvedRefs", true, EnvoyConfigReason.RESOLVED, "all references resolve")
                : condition(
                        planned, "ResolvedRefs", false, unresolved.getFirst().reason(), messages(unresolved));
    }

    private static Condition programmed(PlannedEnvoyConfig planned, Progress progress) {
        if (planned.redirects().isEmpty()) {
            return condition(
                    planned,
                    "Programmed",
                    false,
                    EnvoyConfigReason.NO_SERVICES,
                    "no Service is redirected to a listener");
        }
        if (planned.nodes().filter(nodes -> nodes.isEmpty()).isPresent()) {
            return condition(planned, "Programmed", false, EnvoyConfigReason.NO_NODES, "nodeSelector matches no node");
        }
        return switch (progress.state()) {
            case SERVED -> condition(planned, "Programmed", true, EnvoyConfigReason.PROGRAMMED, progress.message());
            case PENDING -> condition(planned, "Programmed", false, EnvoyConfigReason.PENDING, progress.message());
            case REJECTED -> condition(planned, "Programmed", false, EnvoyConfigReason.REJECTED, progress.message());
        };
    }

    private static String messages(List<EnvoyConfigFault> faults) {
        var told = faults.stream().limit(TOLD).map(EnvoyConfigFault::message).collect(Collectors.joining("; "));
        int rest = faults.size() - TOLD;
        return rest > 0 ? "%s; and %d more".formatted(told, rest) : told;
    }

    private static Condition condition(
            PlannedEnvoyConfig planned, String type, boolean status, EnvoyConfigReason reason, String message) {
        return new Condition(
                type, status, reason.text(), message, planned.view().stamp().generation());
    }
}
