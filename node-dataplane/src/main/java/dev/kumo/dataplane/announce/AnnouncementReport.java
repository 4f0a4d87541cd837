// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import com.google.protobuf.ByteString;
import dev.kumo.contract.announcement.v1.AnnouncementRefusal;
import dev.kumo.contract.announcement.v1.AnnouncementState;
import dev.kumo.contract.announcement.v1.HeldAddress;
import dev.kumo.contract.announcement.v1.LanLink;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.stream.StateItem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What the node tells l2-announcer of itself. Equal states have equal items. */
final class AnnouncementReport {
    private static final String TABLE = "announcement_states";

    private AnnouncementReport() {}

    static StateItem of(
            String node,
            List<Standing> standings,
            Collection<LanDevice> devices,
            List<Announcer.Problem> problems,
            boolean envoyReady) {
        var state = AnnouncementState.newBuilder().setNode(node).setEnvoyReady(envoyReady);
        standings.stream()
                .filter(standing -> standing.state() == Ownership.State.ANNOUNCED)
                .sorted(Comparator.comparing(
                                (Standing standing) -> standing.key().address())
                        .thenComparing(Standing::device))
                .forEach(standing -> standing.row()
                        .ifPresent(row -> state.addHeld(HeldAddress.newBuilder()
                                .setAddress(bytes(standing.key().address()))
                                .setTerm(row.term())
                                .setInterface(standing.device()))));
        devices.stream()
                .sorted(Comparator.comparing(LanDevice::name))
                .forEach(device -> state.addLinks(LanLink.newBuilder()
                        .setName(device.name())
                        .setAddress(bytes(device.address()))
                        .setUp(device.up())));
        problems.stream()
                .sorted(Comparator.comparing(Announcer.Problem::address))
                .forEach(problem -> state.addRefusals(AnnouncementRefusal.newBuilder()
                        .setAddress(bytes(problem.address()))
                        .setReason(problem.reason().name())
                        .setMessage(problem.message())));
        return StateItem.of(TABLE, node, state.build());
    }

    private static ByteString bytes(Address address) {
        return ByteString.copyFrom(address.bytes());
    }
}
