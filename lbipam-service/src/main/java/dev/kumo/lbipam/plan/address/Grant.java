// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one Service gets, while the plan is made. */
final class Grant {
    final ServiceRequest request;
    final List<IPAddress> addresses = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();

    record Refusal(AddressReason reason, String message) {}

    Grant(ServiceRequest request) {
        this.request = request;
    }

    void refuse(AddressReason reason, String message, Object... values) {
        refusals.add(new Refusal(reason, message.formatted(values)));
    }

    boolean has(AddressFamily family) {
        return addresses.stream().anyMatch(address -> AddressFamily.of(address) == family);
    }

    /** A Service that only prefers two families is content with one. */
    boolean isSatisfied() {
        return refusals.isEmpty() || (!request.needsAll() && !request.namesAddresses() && !addresses.isEmpty());
    }

    ServiceAllocation allocation() {
        var stamp = request.claim().stamp();
        var condition = isSatisfied()
                ? new ConditionView(Conditions.SATISFIED, "True", stamp.generation(), Conditions.REASON_SATISFIED, "")
                : new ConditionView(
                        Conditions.SATISFIED,
                        "False",
                        stamp.generation(),
                        refusals.getFirst().reason().text(),
                        refusals.stream().map(Refusal::message).collect(Collectors.joining("; ")));
        return new ServiceAllocation(request.ref(), stamp.uid(), addresses, Optional.of(condition));
    }
}
