// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import inet.ipaddr.IPAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a Lease of ours says: who answers for a Service's addresses, under which term.
 *
 * @param lists by address, sorted; nodes stand in the same order in each
 */
public record Assignment(ServiceRef service, long term, List<HolderList> lists) {
    public Assignment {
        lists = List.copyOf(lists);
    }

    /** The nodes in their order; a node that holds only some of the addresses counts. */
    public List<String> nodes() {
        return lists.stream()
                .map(HolderList::nodes)
                .max(Comparator.comparingInt(List::size))
                .orElseGet(List::of);
    }

    public Optional<HolderList> list(IPAddress address) {
        return lists.stream().filter(list -> list.address().equals(address)).findFirst();
    }
}
