// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node as its Node object has it, reduced to what the datapath can use.
 *
 * @param address its first internal IPv4 address: the tunnel's end, the source of masqueraded traffic
 * @param addresses all its addresses, {@code address} first
 * @param podRange its first IPv4 pod range
 */
public record LocalNode(String name, Address address, List<Address> addresses, Range podRange) {
    private static final int IPV4_PREFIX_OFFSET = 96;

    public LocalNode {
        addresses = List.copyOf(addresses);
    }

    /** Empty while the Node has no internal IPv4 address or no IPv4 pod range yet. */
    public static Optional<LocalNode> of(Node node) {
        var range = node.getPodRangesList().stream().flatMap(LocalNode::rangeOf).findFirst();
        var internal = internalAddressOf(node);
        if (range.isEmpty() || internal.isEmpty()) {
            return Optional.empty();
        }
        var addresses = Stream.concat(Stream.of(internal.get()), addressesOf(node).stream())
                .distinct()
                .toList();
        return Optional.of(new LocalNode(node.getName(), internal.get(), addresses, range.get()));
    }

    /** The first internal IPv4 address of any node, the end of its tunnel. */
    static Optional<Address> internalAddressOf(Node node) {
        return node.getInternalAddressesList().stream()
                .map(Address::of)
                .filter(Address::isIpv4)
                .findFirst();
    }

    static List<Address> addressesOf(Node node) {
        return Stream.<List<ByteString>>of(node.getInternalAddressesList(), node.getExternalAddressesList())
                .flatMap(List::stream)
                .map(Address::of)
                .distinct()
                .toList();
    }

    /** The prefix if it is an IPv4 one. */
    static Stream<Range> rangeOf(Prefix prefix) {
        var address = Address.of(prefix.getAddress());
        return address.isIpv4() && prefix.getLength() >= IPV4_PREFIX_OFFSET
                ? Stream.of(new Range(address, prefix.getLength() - IPV4_PREFIX_OFFSET))
                : Stream.empty();
    }
}
