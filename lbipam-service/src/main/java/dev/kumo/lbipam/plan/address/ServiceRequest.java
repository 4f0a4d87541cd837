// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a Service asks for, understood.
 *
 * @param addresses asked for by name, without repetition; empty leaves the choice to us
 * @param invalid what was asked for and is no address
 * @param families of which it wants an address each, unless it names addresses
 * @param needsAll whether it is unsatisfied with fewer families than that
 * @param labels as selectors see them
 */
record ServiceRequest(
        ServiceClaim claim,
        List<IPAddress> addresses,
        List<String> invalid,
        Set<AddressFamily> families,
        boolean needsAll,
        SortedMap<String, String> labels) {
    static final Comparator<ServiceRequest> AGE = Comparator.comparing(
                    (ServiceRequest request) -> request.claim.stamp().created())
            .thenComparing(ServiceRequest::ref);

    ServiceRequest {
        addresses = List.copyOf(addresses);
        invalid = List.copyOf(invalid);
        families = Collections.unmodifiableSet(families);
    }

    ServiceRef ref() {
        return claim.service().ref();
    }

    boolean namesAddresses() {
        return !addresses.isEmpty() || !invalid.isEmpty();
    }

    /** Whether it may keep the address. While a part of the request cannot be read, nothing is taken for unwanted. */
    boolean wants(IPAddress address) {
        if (namesAddresses()) {
            return addresses.contains(address) || !invalid.isEmpty();
        }
        return families.contains(AddressFamily.of(address));
    }

    Optional<ConditionView> condition() {
        return claim.conditions().stream()
                .filter(condition -> condition.type().equals(Conditions.SATISFIED))
                .findFirst();
    }
}
