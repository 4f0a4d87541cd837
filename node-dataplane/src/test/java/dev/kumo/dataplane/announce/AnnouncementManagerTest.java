// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.announcement.v1.AnnouncementState;
import dev.kumo.contract.announcement.v1.Holder;
import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node w1 with eth0, between the feed and a map. */
class AnnouncementManagerTest {
    private static final String VIP = "172.18.255.1";
    private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:11");
    private static final AnnouncementKey KEY = new AnnouncementKey(Address.of(VIP), 2);
    private static final int EINVAL = 22;

    private final FakeKernelMap<AnnouncementKey, Announcement> map = new FakeKernelMap<>("announcements");
    private final List<ArpFrame> sent = new ArrayList<>();
    private final List<Wire.Arrival> arrivals = new ArrayList<>();
    private final List<StateItem> reports = new ArrayList<>();
    private final List<Transition> transitions = new ArrayList<>();
    private long now = 1000;
    private long alarm;
    private final AnnouncementManager manager = new AnnouncementManager(
            "w1",
            map,
            new AnnouncementManager.Surroundings(
                    () -> now, millis -> alarm = now + millis, () -> true, transitions::add));

    private final Wire wire = new Wire() {
        @Override
        public void send(int ifindex, ArpFrame frame) {
            sent.add(frame);
        }

        @Override
        public List<Arrival> arrivals() {
            var all = List.copyOf(arrivals);
            arrivals.clear();
            return all;
        }

        @Override
        public void listenTo(Set<Address> senders) {
            assertThat(senders).allMatch(Address::isIpv4);
        }
    };

    @BeforeEach
    void device() {
        manager.device(new LanDevice("eth0", 2, MAC, Address.of("172.18.0.11"), true));
    }

    @Test
    void whatIsToldBeforeTheNodeCanServeWaits() {
        assertThat(told(5, "w1", "w2")).isEqualTo(Applied.done());
        assertThat(map.contents()).isEmpty();
        manager.begin(wire, reports::add);
        assertThat(apply()).isEqualTo(Applied.done());
        assertThat(map.lookup(KEY)).contains(Announcement.claimed(5, MAC));
        assertThat(sent).singleElement().matches(frame -> frame.sender().equals(Address.of(VIP)));
        assertThat(transitions).containsExactly(Transition.CLAIMED);
        assertThat(alarm).as("the burst's next frame").isEqualTo(now + 100);
    }

    @Test
    void aRowOfAnEarlierRunIsAdopted() {
        map.update(KEY, Announcement.claimed(5, MAC));
        begin();
        told(5, "w1", "w2");
        assertThat(map.writes()).isEqualTo(1);
        assertThat(sent).isEmpty();
        assertThat(held()).containsExactly("172.18.255.1 5 eth0");
    }

    @Test
    void aRowThatNoListAsksForGoesOnceTheFeedIsKnown() {
        map.update(KEY, Announcement.claimed(5, MAC));
        begin();
        now += 2000;
        apply();
        assertThat(map.contents()).hasSize(1);
        manager.onUpdate(new DesiredChange(FeedMethods.ANNOUNCEMENT, List.of(), List.of(), true));
        now += 2000;
        apply();
        now += Ownership.LEAVE;
        apply();
        assertThat(map.contents()).isEmpty();
    }

    @Test
    void aBackupReportsNothingHeldAndSaysWhomItProbes() {
        begin();
        told(5, "w2", "w1");
        arrivals.add(new Wire.Arrival(2, reply("172.18.0.12")));
        now += 100;
        apply();
        assertThat(held()).isEmpty();
        assertThat(manager.rows(Instant.EPOCH).rows())
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("role", "backup 1")
                        .containsEntry("state", "waiting")
                        .containsEntry("last probe", "w2 heard 0.0 s ago"));
        assertThat(manager.counts()).containsEntry("waiting", 1L);
    }

    @Test
    void anOlderListIsRefusedToTheFeed() {
        begin();
        told(5, "w1", "w2");
        assertThat(told(4, "w2", "w1"))
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> assertThat(done.refusals())
                                .extracting(ItemRefusal::reason)
                                .containsExactly(Reason.STALE_TERM));
        assertThat(map.lookup(KEY)).isPresent();
    }

    @Test
    void anInterfaceThatTheNodeLacksIsNamed() throws Exception {
        begin();
        var list = list(5, "w1").toBuilder();
        list.setHolders(0, list.getHolders(0).toBuilder().addInterfaces("eth7"));
        var applied = told(list.build());
        assertThat(applied)
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> assertThat(done.refusals())
                                .extracting(ItemRefusal::message)
                                .containsExactly("no LAN device eth7"));
        assertThat(map.lookup(KEY)).as("on eth0 it is announced").isPresent();
        assertThat(state().getRefusals(0).getReason()).isEqualTo("INTERFACE_UNKNOWN");
    }

    @Test
    void aRowThatTheKernelRefusesIsNotClaimedAndTriedAgain() {
        begin();
        map.refuse(KEY, EINVAL);
        assertThat(told(5, "w1"))
                .isInstanceOfSatisfying(
                        Applied.Retry.class,
                        retry -> assertThat(retry.refusals()).hasSize(1));
        assertThat(sent).isEmpty();
        assertThat(transitions).isEmpty();
        map.accept(KEY);
        now += 1000;
        assertThat(apply()).isEqualTo(Applied.done());
        assertThat(sent).hasSize(1);
    }

    @Test
    void theReportTellsLinksAndEnvoy() throws Exception {
        begin();
        apply();
        assertThat(state().getEnvoyReady()).isTrue();
        assertThat(state().getLinksList()).singleElement().satisfies(link -> {
            assertThat(link.getName()).isEqualTo("eth0");
            assertThat(link.getUp()).isTrue();
            assertThat(Address.of(link.getAddress())).hasToString("172.18.0.11");
        });
        manager.device(new LanDevice("eth0", 2, MAC, Address.of("172.18.0.11"), false));
        apply();
        assertThat(state().getLinks(0).getUp()).isFalse();
    }

    private void begin() {
        manager.begin(wire, reports::add);
        apply();
    }

    private Applied apply() {
        return manager.apply(Slice.unlimited());
    }

    private Applied told(long term, String... nodes) {
        return told(list(term, nodes));
    }

    private Applied told(dev.kumo.contract.announcement.v1.Announcement list) {
        manager.onUpdate(new DesiredChange(
                FeedMethods.ANNOUNCEMENT, List.of(new Entry(Table.ANNOUNCEMENTS.item(VIP), list)), List.of(), true));
        return apply();
    }

    private static dev.kumo.contract.announcement.v1.Announcement list(long term, String... nodes) {
        var list = dev.kumo.contract.announcement.v1.Announcement.newBuilder()
                .setAddress(bytes(VIP))
                .setTerm(term);
        for (var node : nodes) {
            list.addHolders(Holder.newBuilder()
                    .setNode(node)
                    .setNodeAddress(bytes("172.18.0.1" + node.substring(1)))
                    .addInterfaces("eth0"));
        }
        return list.build();
    }

    private static ArpFrame reply(String sender) {
        var bytes = ArpFrames.reply(sender, MacAddress.of("02:00:00:00:00:12"), "0.0.0.0", MAC);
        return ArpFrame.read(bytes, bytes.length).orElseThrow();
    }

    private List<String> held() {
        try {
            return state().getHeldList().stream()
                    .map(held -> Address.of(held.getAddress()) + " " + held.getTerm() + " " + held.getInterface())
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private AnnouncementState state() throws InvalidProtocolBufferException {
        return AnnouncementState.parseFrom(reports.getLast().value());
    }

    private static ByteString bytes(String address) {
        return ByteString.copyFrom(Address.of(address).bytes());
    }
}
