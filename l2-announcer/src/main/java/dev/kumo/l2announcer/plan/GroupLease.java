// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.Holder;
import dev.kumo.l2announcer.model.HolderList;
import inet.ipaddr.IPAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the Leases of a group say together: of each address the list with the highest term counts, and of nodes the order of the
 * highest term.
 *
 * @param assignments of the group's Services that have one; sorted by Service
 */
record GroupLease(List<Assignment> assignments) {
    GroupLease {
        assignments = List.copyOf(assignments);
    }

    private Optional<Assignment> latest() {
        // The first of several with the highest term.
        return assignments.stream()
                .max(Comparator.comparingLong(Assignment::term)
                        .thenComparing(Comparator.comparing(Assignment::service).reversed()));
    }

    /** 0 if there is none. */
    long term() {
        return latest().map(Assignment::term).orElse(0L);
    }

    List<String> nodes() {
        return latest().map(Assignment::nodes).orElseGet(List::of);
    }

    /** The list of an address with its term. */
    Optional<Assignment> of(IPAddress address) {
        return assignments.stream()
                .filter(assignment -> assignment.list(address).isPresent())
                .max(Comparator.comparingLong(Assignment::term)
                        .thenComparing(Comparator.comparing(Assignment::service).reversed()));
    }

    Optional<Holder> holder(IPAddress address, String node) {
        return of(address)
                .flatMap(assignment -> assignment.list(address))
                .map(HolderList::holders)
                .flatMap(holders -> holders.stream()
                        .filter(holder -> holder.node().equals(node))
                        .findFirst());
    }
}
