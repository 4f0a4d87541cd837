// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.contract.announcement.v1.Announcement;
import dev.kumo.dataplane.bpf.map.Address;
import java.util.List;

/**
 * Who answers for an address: the first place, or the next ones in order while all before are silent.
 *
 * @param term increases with every change of the list, unsigned
 */
record HolderList(Address address, long term, List<Place> places) {
    HolderList {
        places = List.copyOf(places);
    }

    /**
     * A node's place.
     *
     * @param address the node's own, which those behind it probe
     * @param interfaces devices on which that node announces
     */
    record Place(String node, Address address, List<String> interfaces) {
        Place {
            interfaces = List.copyOf(interfaces);
        }
    }

    static HolderList of(Announcement item) {
        var places = item.getHoldersList().stream()
                .map(holder -> new Place(
                        holder.getNode(), Address.of(holder.getNodeAddress()), List.copyOf(holder.getInterfacesList())))
                .toList();
        return new HolderList(Address.of(item.getAddress()), item.getTerm(), places);
    }

    /** Where the node stands, -1 if nowhere. */
    int position(String node) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).node().equals(node)) {
                return i;
            }
        }
        return -1;
    }
}
