// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import inet.ipaddr.IPAddress;
import java.util.List;

/** Who answers for an address: the first; the others in their order when it is silent on the wire. */
public record HolderList(IPAddress address, List<Holder> holders) {
    public HolderList {
        holders = List.copyOf(holders);
    }

    public List<String> nodes() {
        return holders.stream().map(Holder::node).toList();
    }
}
