// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The part of a core/v1 Node that decides what it may hold.
 *
 * @param ready whether condition Ready is True
 * @param addresses {@code status.addresses}, of any type that is an IP address
 */
public record NodeView(String name, SortedMap<String, String> labels, boolean ready, Set<String> addresses) {
    public NodeView {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) labels));
        addresses = Set.copyOf(addresses);
    }

    /** Names of those that are ready. */
    public static Set<String> readyNames(Collection<NodeView> nodes) {
        return nodes.stream().filter(NodeView::ready).map(NodeView::name).collect(Collectors.toSet());
    }
}
