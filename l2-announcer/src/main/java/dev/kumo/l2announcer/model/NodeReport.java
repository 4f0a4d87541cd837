// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import inet.ipaddr.IPAddress;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node's dataplane last said of itself.
 *
 * @param links the node's devices; none means that it has not looked yet, since the report itself came over one
 * @param held address → term under which the node came to answer for it
 */
public record NodeReport(String node, List<Link> links, boolean envoyReady, SortedMap<IPAddress, Long> held) {
    public NodeReport {
        links = List.copyOf(links);
        held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    }

    /** @param up administratively, and with a carrier */
    public record Link(String name, IPAddress address, boolean up) {}
}
