// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.plan.LeaseGroup.LeaseTarget;
import inet.ipaddr.IPAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the term of an address from falling. Leases of Services that share an address are written one after another; the list
 * with the highest term counts, whosever Lease it is in, and stays there until no other Lease names the address under a lower
 * one. (Lower terms never wait for higher ones, so that nobody waits in a circle.)
 */
final class TermOrder {
    private final Map<IPAddress, Assignment> latest = new HashMap<>();
    private final Map<ServiceRef, Assignment> own = new HashMap<>();

    TermOrder(List<LeaseView> leases) {
        leases.stream()
                .filter(lease -> lease.assignment().isPresent())
                .sorted(Comparator.comparing(LeaseView::name))
                .forEach(lease -> {
                    var assignment = lease.assignment().get();
                    if (!lease.foreign()) {
                        own.put(assignment.service(), assignment);
                    }
                    assignment
                            .lists()
                            .forEach(list -> latest.merge(
                                    list.address(),
                                    assignment,
                                    (one, other) -> other.term() > one.term() ? other : one));
                });
    }

    /** What counts for an address. */
    Optional<Assignment> latest(IPAddress address) {
        return Optional.ofNullable(latest.get(address));
    }

    /** The highest term that any Lease names one of the addresses under; 0 if none does. */
    long highest(Collection<IPAddress> addresses) {
        return addresses.stream()
                .flatMap(address -> latest(address).stream())
                .mapToLong(Assignment::term)
                .max()
                .orElse(0);
    }

    /**
     * Services whose Leases have to stay for now.
     *
     * @param wanted what Leases should say
     * @param covered addresses that are announced
     * @param staying Services whose Leases are left as they are: nobody waits for these
     */
    Set<ServiceRef> waiting(List<LeaseGroup> wanted, Set<IPAddress> covered, Set<ServiceRef> staying) {
        var targets = wanted.stream()
                .flatMap(group -> group.leases().stream())
                .collect(Collectors.toMap(LeaseTarget::service, LeaseTarget::lists));
        return own.values().stream()
                .filter(assignment -> {
                    var kept = addresses(targets.getOrDefault(assignment.service(), List.of()));
                    return assignment.lists().stream()
                            .map(HolderList::address)
                            .filter(address -> !kept.contains(address) && covered.contains(address))
                            .anyMatch(address -> isBehind(address, assignment.term(), staying));
                })
                .map(Assignment::service)
                .collect(Collectors.toSet());
    }

    private boolean isBehind(IPAddress address, long term, Set<ServiceRef> staying) {
        return own.values().stream()
                .filter(other -> !staying.contains(other.service()))
                .anyMatch(other -> other.term() < term && other.list(address).isPresent());
    }

    private static Set<IPAddress> addresses(List<HolderList> lists) {
        return lists.stream().map(HolderList::address).collect(Collectors.toSet());
    }
}
