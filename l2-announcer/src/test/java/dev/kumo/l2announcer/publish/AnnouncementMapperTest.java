// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.announcement.v1.Announcement;
import dev.kumo.contract.announcement.v1.Holder;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.plan.AnnouncementPlan;
import dev.kumo.stream.ItemKey;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AnnouncementMapperTest {
    @Test
    void anAnnouncementGoesToTheNodesInItsList() throws InvalidProtocolBufferException {
        var address = address("172.18.0.200");
        var list = new HolderList(
                address,
                List.of(
                        new dev.kumo.l2announcer.model.Holder("w2", address("172.18.0.12"), List.of("eth0", "eth1")),
                        new dev.kumo.l2announcer.model.Holder("w1", address("172.18.0.11"), List.of("eth0"))));
        var announcements = new TreeMap<>(Map.of(address, new dev.kumo.l2announcer.plan.Announcement(list, 42, true)));
        var plan = new AnnouncementPlan(
                announcements,
                List.of(),
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                new TreeSet<>(),
                List.of());

        var snapshot = new AnnouncementMapper().snapshot(plan, new TreeMap<>(Map.of("leases", 43L)));

        var item = snapshot.items().get(new ItemKey("announcements", "172.18.0.200"));
        assertThat(snapshot.items()).hasSize(1);
        assertThat(snapshot.resourceVersions()).containsEntry("leases", 43L);
        assertThat(item.audience().nodes()).containsExactlyInAnyOrder("w1", "w2");
        var message = Announcement.parseFrom(item.value());
        assertThat(message.getTerm()).isEqualTo(42);
        assertThat(message.getAddress().size()).isEqualTo(16);
        assertThat(message.getHoldersList()).extracting(Holder::getNode).containsExactly("w2", "w1");
        assertThat(message.getHolders(0).getInterfacesList()).containsExactly("eth0", "eth1");
        assertThat(message.getHolders(0).getNodeAddress().byteAt(15)).isEqualTo((byte) 12);
    }

    private static IPAddress address(String text) {
        return new IPAddressString(text).getAddress();
    }
}
