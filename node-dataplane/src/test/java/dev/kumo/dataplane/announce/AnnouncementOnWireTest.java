// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.kumo.contract.announcement.v1.Holder;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.link.KernelLinks;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.TestNamespace;
import dev.kumo.dataplane.reconcile.ApplyListener;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.stream.FeedMethods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Node w1 and its neighbour on a wire of the real kernel: hooks, sockets, claims. */
@Tag("privileged")
class AnnouncementOnWireTest {
    private static final Address VIP = Address.of("172.18.255.1");
    private static final Address NODE = Address.of("172.18.0.11");

    private final TestDatapath kernel = TestDatapath.load(TestDatapath.CONFIG);
    private final ApplyLoop loop = new ApplyLoop(ApplyListener.NONE);
    private final List<Wire.Arrival> heard = new ArrayList<>();
    private TestNamespace node;
    private TestNamespace neighbour;
    private Link device;
    private Link other;
    private WakeUp alarm;
    private AnnouncementManager manager;
    private ArpWire wire;
    private ArpWire neighbours;

    @BeforeEach
    void start() throws Exception {
        node = TestNamespace.create("node");
        neighbour = TestNamespace.create("other");
        node.ip(
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                neighbour.path().toString());
        node.ip("address", "add", NODE + "/16", "dev", "eth0");
        node.ip("link", "set", "eth0", "up");
        neighbour.ip("link", "set", "eth0", "up");
        device = eth0(node);
        other = eth0(neighbour);
        node.call(() -> {
            kernel.datapath().attachNetdev(device.index());
            return true;
        });
        alarm = new WakeUp(this::wake);
        manager = new AnnouncementManager(
                "w1",
                kernel.datapath().announcements(),
                new AnnouncementManager.Surroundings(
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), alarm, () -> true, _ -> {}));
        manager.device(LanDevice.of(device, NODE));
        wire = node.call(() -> new ArpWire(List.of(device), this::wake));
        neighbours = neighbour.call(() -> new ArpWire(List.of(other), () -> {}));
        neighbours.listenTo(Set.of(VIP, NODE));
        loop.add(manager);
        loop.start();
        manager.begin(wire, _ -> {});
    }

    @AfterEach
    void stop() throws Exception {
        loop.close();
        alarm.close();
        wire.close();
        neighbours.close();
        node.call(() -> {
            kernel.datapath().detach(device.index());
            return true;
        });
        kernel.close();
        neighbour.close();
        node.close();
    }

    @Test
    void theNeighbourLearnsAsksAndTakesTheAddressOver() {
        told(5, "w1", "w2");
        await().until(() -> hears(new Rank(5, 0)));
        neighbours.send(other.index(), ArpFrame.probe(VIP, other.mac()));
        await().until(() -> answers(VIP));

        neighbours.send(other.index(), ArpFrame.claim(true, VIP, other.mac(), new Rank(6, 0)));
        await().until(() -> kernel.datapath()
                .announcements()
                .lookup(new AnnouncementKey(VIP, device.index()))
                .orElseThrow()
                .isYielded());
        heard.clear();
        neighbours.send(other.index(), ArpFrame.probe(VIP, other.mac()));
        neighbours.send(other.index(), ArpFrame.probe(NODE, other.mac()));
        await().until(() -> answers(NODE));
        assertThat(answers(VIP)).as("asked before its node, which has answered").isFalse();

        told(7, "w1", "w2");
        await().until(() -> hears(new Rank(7, 0)));
    }

    /** The neighbour's kernel answers for w2 until its cable is pulled. */
    @Test
    void aSilentHolderIsFoundOnTheWire() throws Exception {
        neighbour.ip("address", "add", "172.18.0.12/16", "dev", "eth0");
        told(5, "w2", "w1");
        await().until(() -> probes().contains("w2 heard"));
        assertThat(row()).isEmpty();
        neighbour.ip("address", "del", "172.18.0.12/16", "dev", "eth0");
        await().atMost(Duration.ofSeconds(30)).until(() -> hears(new Rank(5, 1)));
        assertThat(probes()).contains("w2 silent");
    }

    private Optional<Announcement> row() {
        return kernel.datapath().announcements().lookup(new AnnouncementKey(VIP, device.index()));
    }

    private String probes() throws Exception {
        return loop.run(() -> manager.rows(Instant.EPOCH).rows().stream()
                        .map(row -> String.valueOf(row.get("last probe")))
                        .toList()
                        .toString())
                .toCompletableFuture()
                .get();
    }

    private boolean hears(Rank rank) {
        heard.addAll(neighbours.arrivals());
        return heard.stream()
                .anyMatch(arrival -> arrival.frame().rank().filter(rank::equals).isPresent()
                        && arrival.frame().senderMac().equals(device.mac()));
    }

    private boolean answers(Address address) {
        heard.addAll(neighbours.arrivals());
        return heard.stream()
                .map(Wire.Arrival::frame)
                .anyMatch(frame -> !frame.request()
                        && frame.rank().isEmpty()
                        && frame.sender().equals(address)
                        && frame.senderMac().equals(device.mac())
                        && frame.targetMac().equals(other.mac()));
    }

    private void told(long term, String... nodes) {
        var list = dev.kumo.contract.announcement.v1.Announcement.newBuilder()
                .setAddress(ByteString.copyFrom(VIP.bytes()))
                .setTerm(term);
        for (var name : nodes) {
            list.addHolders(Holder.newBuilder()
                    .setNode(name)
                    .setNodeAddress(ByteString.copyFrom(
                            Address.of("172.18.0.1" + name.substring(1)).bytes()))
                    .addInterfaces("eth0"));
        }
        var entry = new Entry(Table.ANNOUNCEMENTS.item(VIP.toString()), list.build());
        loop.deliver(new DesiredChange(FeedMethods.ANNOUNCEMENT, List.of(entry), List.of(), true))
                .toCompletableFuture()
                .join();
    }

    private void wake() {
        loop.wake(manager);
    }

    private static Link eth0(TestNamespace namespace) throws Exception {
        return namespace.call(() -> {
            try (var links = new KernelLinks()) {
                return links.find("eth0").orElseThrow();
            }
        });
    }
}
