// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What NodePorts and host ports need to know of the nodes. Addresses other than IPv4 are left out.
 *
 * @param node this node's name
 * @param own this node's addresses
 * @param others all other nodes' addresses
 */
public record NodeFacts(String node, SortedSet<Address> own, SortedSet<Address> others) {
    public NodeFacts {
        own = ipv4(own);
        others = ipv4(others);
    }

    public static NodeFacts of(String node, Collection<Address> own, Collection<Address> others) {
        return new NodeFacts(node, new TreeSet<>(own), new TreeSet<>(others));
    }

    boolean isNode(Address address) {
        return own.contains(address) || others.contains(address);
    }

    private static SortedSet<Address> ipv4(SortedSet<Address> addresses) {
        var kept = new TreeSet<Address>();
        addresses.stream().filter(Address::isIpv4).forEach(kept::add);
        return Collections.unmodifiableSortedSet(kept);
    }
}
