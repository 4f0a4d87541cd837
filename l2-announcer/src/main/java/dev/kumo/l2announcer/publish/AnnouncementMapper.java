// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.publish;

import com.google.protobuf.ByteString;
import dev.kumo.contract.announcement.v1.Announcement;
import dev.kumo.contract.announcement.v1.Holder;
import dev.kumo.kube.service.WireAddress;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.plan.AnnouncementPlan;
import dev.kumo.stream.Audience;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import inet.ipaddr.IPAddress;
import java.util.SortedMap;

/** Writes announcements as the feed carries them: each to the nodes in its list. Stateless. */
public final class AnnouncementMapper {
    private static final String TABLE = "announcements";

    /** @param versions resourceVersions that the plan reflects */
    public StateSnapshot snapshot(AnnouncementPlan plan, SortedMap<String, Long> versions) {
        var snapshot = StateSnapshot.builder();
        plan.announcements()
                .forEach((address, announcement) -> snapshot.add(StateItem.of(
                        TABLE,
                        address.toCanonicalString(),
                        message(announcement.list(), announcement.term()),
                        Audience.of(announcement.list().nodes()))));
        versions.forEach(snapshot::resourceVersion);
        return snapshot.build();
    }

    private static Announcement message(HolderList list, long term) {
        var message = Announcement.newBuilder().setAddress(wire(list.address())).setTerm(term);
        list.holders()
                .forEach(holder -> message.addHolders(Holder.newBuilder()
                        .setNode(holder.node())
                        .setNodeAddress(wire(holder.nodeAddress()))
                        .addAllInterfaces(holder.interfaces())));
        return message.build();
    }

    private static ByteString wire(IPAddress address) {
        return WireAddress.of(address.getBytes());
    }
}
