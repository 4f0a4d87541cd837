// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who has which address while one plan is made: those who keep or get it, and those whose status or unseen write shows it.
 * An address that someone shows is given to nobody else before that was seen to be gone.
 */
final class Ledger {
    private final Map<IPAddress, List<ServiceRequest>> holders = new HashMap<>();
    private final Map<String, SortedSet<IPAddress>> bySharingKey = new HashMap<>();
    private final Map<IPAddress, Set<ServiceRef>> shown = new HashMap<>();
    private final Set<IPAddress> reserved = new HashSet<>();

    void show(IPAddress address, ServiceRef service) {
        shown.computeIfAbsent(address, _ -> new TreeSet<>()).add(service);
    }

    void hold(IPAddress address, ServiceRequest request) {
        holders.computeIfAbsent(address, _ -> new ArrayList<>()).add(request);
        var key = Sharing.key(request);
        if (!key.isEmpty()) {
            bySharingKey.computeIfAbsent(key, _ -> new TreeSet<>()).add(address);
        }
    }

    /** Keeps an address for a Service that asks for it by name until whoever shows it is gone. */
    void reserve(IPAddress address) {
        reserved.add(address);
    }

    List<ServiceRequest> holders(IPAddress address) {
        return holders.getOrDefault(address, List.of());
    }

    /** Why the Service cannot have the address beside those who hold it; empty if nobody does or all share. */
    Optional<String> obstacle(IPAddress address, ServiceRequest request) {
        return holders(address).stream()
                .flatMap(holder -> Sharing.obstacle(request, holder).stream())
                .findFirst();
    }

    /** Another Service that shows the address without holding it. */
    Optional<ServiceRef> shownBy(IPAddress address, ServiceRequest request) {
        return shown.getOrDefault(address, Set.of()).stream()
                .filter(service -> !service.equals(request.ref()))
                .filter(service -> holders(address).stream()
                        .noneMatch(holder -> holder.ref().equals(service)))
                .findFirst();
    }

    boolean isFree(IPAddress address) {
        return !holders.containsKey(address) && !shown.containsKey(address) && !reserved.contains(address);
    }

    boolean isReserved(IPAddress address) {
        return reserved.contains(address);
    }

    /** Addresses held under the key, lowest first. */
    List<IPAddress> shared(String sharingKey) {
        return List.copyOf(bySharingKey.getOrDefault(sharingKey, Collections.emptySortedSet()));
    }

    /** Every address that is held or shown. */
    Set<IPAddress> used() {
        var used = new HashSet<>(holders.keySet());
        used.addAll(shown.keySet());
        return used;
    }
}
