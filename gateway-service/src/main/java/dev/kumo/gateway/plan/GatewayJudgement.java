// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.plan.GatewayStatus.ListenerStatus;
import java.util.List;
import java.util.Set;

/**
 * Says of a Gateway and its listeners what the specification wants said.
 *
 * @param addresses that its Service has
 * @param served names of Envoy listeners that every node has confirmed
 */
record GatewayJudgement(PlannedGateway gateway, List<String> addresses, Set<String> served) {

    GatewayStatus status() {
        return new GatewayStatus(
                gateway.view().key(),
                gateway.fault().isPresent() ? List.of() : addresses,
                List.of(accepted(), programmed()),
                gateway.settled().stream().map(this::listener).toList());
    }

    private Condition accepted() {
        var fault = gateway.fault();
        if (fault.isPresent()) {
            return failed("Accepted", fault.get());
        }
        var invalid = gateway.settled().stream()
                .filter(listener -> !listener.serves())
                .map(listener -> listener.view().name())
                .toList();
        if (invalid.isEmpty()) {
            return passed("Accepted", "Accepted", "the Gateway is served");
        }
        return condition(
                "Accepted",
                invalid.size() < gateway.settled().size(),
                "ListenersNotValid",
                "not served: listener " + String.join(", ", invalid));
    }

    private Condition programmed() {
        if (!accepted().status()) {
            return condition("Programmed", false, "Invalid", "the Gateway is not accepted");
        }
        if (addresses.isEmpty()) {
            return condition(
                    "Programmed",
                    false,
                    "AddressNotAssigned",
                    "Service %s has no address yet"
                            .formatted(gateway.serviceKey().name()));
        }
        var missing = gateway.asked().stream()
                .filter(address -> !addresses.contains(address))
                .toList();
        if (!missing.isEmpty()) {
            return condition("Programmed", false, "AddressNotUsable", "not given: " + String.join(", ", missing));
        }
        var pending = gateway.listeners().stream()
                .filter(listener -> !served.contains(listener.name()))
                .map(listener -> String.valueOf(listener.port()))
                .toList();
        return pending.isEmpty()
                ? passed("Programmed", "Programmed", "every node serves the Gateway")
                : condition(
                        "Programmed", false, "Pending", "nodes have not confirmed port " + String.join(", ", pending));
    }

    private ListenerStatus listener(SettledListener listener) {
        int attached = gateway.routing()
                .attached(gateway.view().key(), listener.view().name(), true)
                .size();
        var kept = listener.refused().or(listener::conflict);
        return new ListenerStatus(
                listener.view().name(),
                listener.kinds(),
                attached,
                List.of(
                        kept.map(fault -> failed("Accepted", fault))
                                .orElseGet(() -> passed("Accepted", "Accepted", "the listener is valid")),
                        listener.conflict()
                                .map(fault -> condition("Conflicted", true, fault.reason(), fault.message()))
                                .orElseGet(() -> condition("Conflicted", false, "NoConflicts", "no conflict")),
                        programmed(listener),
                        listener.unresolved()
                                .map(fault -> failed("ResolvedRefs", fault))
                                .orElseGet(() -> passed("ResolvedRefs", "ResolvedRefs", "all references resolve"))));
    }

    private Condition programmed(SettledListener listener) {
        if (!listener.serves() || gateway.fault().isPresent()) {
            return condition("Programmed", false, "Invalid", "the listener is not served");
        }
        return served.contains(gateway.listenerName(listener.view().port()))
                ? passed("Programmed", "Programmed", "every node serves the listener")
                : condition("Programmed", false, "Pending", "nodes have not confirmed the listener");
    }

    private Condition passed(String type, String reason, String message) {
        return condition(type, true, reason, message);
    }

    private Condition failed(String type, Fault fault) {
        return condition(type, false, fault.reason(), fault.message());
    }

    private Condition condition(String type, boolean status, String reason, String message) {
        return new Condition(
                type, status, reason, message, gateway.view().stamp().generation());
    }
}
