// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import inet.ipaddr.IPAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of a Node that matters.
 *
 * @param internalAddresses in the Node's order
 * @param externalAddresses in the Node's order
 * @param podRanges {@code spec.podCIDRs}, as prefix blocks
 * @param ready condition Ready
 * @param agentNotReady whether it has taint {@code node.cilium.io/agent-not-ready}
 * @param networkAvailable whether condition NetworkUnavailable is False by our own word
 */
public record NodeView(
        String name,
        List<IPAddress> internalAddresses,
        List<IPAddress> externalAddresses,
        List<IPAddress> podRanges,
        boolean ready,
        boolean agentNotReady,
        boolean networkAvailable) {
    public NodeView {
        internalAddresses = List.copyOf(internalAddresses);
        externalAddresses = List.copyOf(externalAddresses);
        podRanges = List.copyOf(podRanges);
    }

    /** Names of those that are ready. */
    public static Set<String> readyNames(Collection<NodeView> nodes) {
        return nodes.stream().filter(NodeView::ready).map(NodeView::name).collect(Collectors.toSet());
    }

    /** Whether the address comes from this node's pod ranges. */
    public boolean ownsAddress(IPAddress address) {
        return podRanges.stream().anyMatch(range -> range.contains(address));
    }
}
