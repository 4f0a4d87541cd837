// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.plan.GatewayStatus.ListenerStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says of a Gateway and its listeners what the specification wants said.
 *
 * @param confirmations what nodes say, by the name of the listener
 */
record GatewayJudgement(PlannedGateway gateway, Map<String, Confirmation> confirmations) {

    GatewayStatus status() {
        return new GatewayStatus(
                gateway.view().key(),
                gateway.fault().isPresent() ? List.of() : gateway.addresses(),
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
        var unserviced = gateway.unserviced();
        if (unserviced.isPresent()) {
            return condition("Programmed", false, "Invalid", unserviced.get());
        }
        var addresses = gateway.addresses();
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
        return programmed(gateway.listenerNames());
    }

    /** A refusal weighs more than silence. */
    private Condition programmed(List<String> names) {
        var words = names.stream()
                .map(name -> confirmations.getOrDefault(name, Confirmation.UNKNOWN))
                .distinct()
                .toList();
        var refused =
                words.stream().filter(Confirmation.Refused.class::isInstance).toList();
        var waiting =
                words.stream().filter(Confirmation.Waiting.class::isInstance).toList();
        if (!refused.isEmpty()) {
            return condition("Programmed", false, "Invalid", joined(refused));
        }
        return waiting.isEmpty()
                ? passed("Programmed", "Programmed", joined(words))
                : condition("Programmed", false, "Pending", joined(waiting));
    }

    private static String joined(List<Confirmation> words) {
        return words.stream().map(Confirmation::message).collect(Collectors.joining("; "));
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
        return programmed(List.of(gateway.listenerName(listener.view().port())));
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
