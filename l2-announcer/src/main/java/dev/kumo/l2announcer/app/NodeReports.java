// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.announcement.v1.AnnouncementState;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StateItem;
import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What nodes say of themselves, decoded. Entries were checked when they came. Stateless. */
final class NodeReports {
    static final String TABLE = "announcement_states";

    private NodeReports() {}

    /** By node; one that has said nothing since we started is absent. */
    static SortedMap<String, AnnouncementState> states(ReportTable reports) {
        var states = new TreeMap<String, AnnouncementState>();
        reports.byNode()
                .forEach((node, items) -> items.values().stream()
                        .filter(item -> item.key().table().equals(TABLE))
                        .flatMap(item -> state(item).stream())
                        .forEach(state -> states.put(node, state)));
        return states;
    }

    static Optional<AnnouncementState> state(StateItem item) {
        try {
            return Optional.of(AnnouncementState.parseFrom(item.value()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    static NodeReport report(String node, AnnouncementState state, boolean envoyReady) {
        var held = new TreeMap<IPAddress, Long>();
        state.getHeldList()
                .forEach(entry -> address(entry.getAddress())
                        .ifPresent(address -> held.merge(address, entry.getTerm(), Math::max)));
        return new NodeReport(
                node,
                state.getLinksList().stream()
                        .flatMap(link -> address(link.getAddress())
                                .map(address -> new NodeReport.Link(link.getName(), address, link.getUp()))
                                .stream())
                        .toList(),
                envoyReady,
                held);
    }

    /** 16 bytes, IPv4 as v4-mapped; empty for any other length. */
    static Optional<IPAddress> address(ByteString bytes) {
        if (bytes.size() != IPv6Address.BYTE_COUNT) {
            return Optional.empty();
        }
        var address = new IPv6Address(bytes.toByteArray());
        return Optional.of(address.isIPv4Mapped() ? address.getEmbeddedIPv4Address() : address);
    }
}
