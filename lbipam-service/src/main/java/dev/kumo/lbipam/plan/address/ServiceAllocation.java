// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;
import dev.kumo.lbipam.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a Service's status should say.
 *
 * @param uid of the very object that is meant
 * @param addresses of {@code status.loadBalancer.ingress}, those held in their order
 * @param condition {@link Conditions#SATISFIED}; empty if it should go because the Service is no longer ours
 */
public record ServiceAllocation(
        ServiceRef service, String uid, List<IPAddress> addresses, Optional<ConditionView> condition) {
    public ServiceAllocation {
        addresses = List.copyOf(addresses);
    }

    public List<String> ips() {
        return addresses.stream().map(IPAddress::toCanonicalString).toList();
    }

    public boolean isSatisfied() {
        return condition.filter(standing -> standing.status().equals("True")).isPresent();
    }
}
