// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.reconcile.ApplyListener;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.service.HostPort;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A dataplane process's endpoints, with a policy-service that gives every reported pod identity 300 at once. Several can
 * follow each other on one directory and one kernel.
 */
public final class TestNode implements AutoCloseable {
    public static final int IDENTITY = 300;

    private final ApplyLoop loop = new ApplyLoop(ApplyListener.NONE);
    private final EndpointStores stores;
    private final PodNetwork network;
    private final Map<String, EndpointReport> reports = new ConcurrentHashMap<>();
    private final List<PodEndpoint> adopted;
    private final MovableClock clock;
    private volatile boolean answers = true;
    private volatile Collection<HostPort> hostPorts = List.of();
    private volatile Runnable onReport = () -> {};

    /** Time as tests want it. */
    public static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        public void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    public TestNode(Path directory, FakeKernel kernel) {
        this(directory, kernel, kernel, Duration.ofSeconds(10), new MovableClock());
    }

    public TestNode(Path directory, Links links, Datapath datapath, Duration patience, MovableClock clock) {
        this.clock = clock;
        this.stores = EndpointStores.open(directory, clock);
        var settings = new PodSettings(Address.of("172.18.0.11"), 1450, patience);
        stores.ipam().setRanges(List.of(Range.of("10.244.1.0/24")));
        loop.start();
        this.network = new PodNetwork(
                new PodNetwork.Kernel(loop, links, datapath),
                stores,
                new EndpointReports(stores.endpoints(), this::reported, this::withdrawn),
                ports -> hostPorts = ports,
                settings);
        this.adopted = network.restore();
        settle();
    }

    public Attachments attachments() {
        return network.attachments();
    }

    public EndpointStores stores() {
        return stores;
    }

    public MovableClock clock() {
        return clock;
    }

    public List<PodEndpoint> adopted() {
        return adopted;
    }

    /** By pod UID, as last told. */
    public Map<String, EndpointReport> reports() {
        return reports;
    }

    public Collection<HostPort> hostPorts() {
        return hostPorts;
    }

    /** Whether reported pods get their identity. */
    public void answer(boolean does) {
        answers = does;
    }

    public void onReport(Runnable to) {
        onReport = to;
    }

    /** Says of a pod what policy-service would, and waits until it is in force. */
    public void say(String uid, Address address, int identity) {
        deliver(List.of(new Entry(Table.ENDPOINTS.item(uid), endpoint(uid, address, identity))), List.of());
    }

    public void withdraw(String uid) {
        deliver(List.of(), List.of(Table.ENDPOINTS.item(uid)));
    }

    /** An address that all nodes still take for somebody's. */
    public void sayAddress(Address address) {
        var item = AddressIdentity.newBuilder()
                .setAddress(ByteString.copyFrom(address.bytes()))
                .setIdentity(IDENTITY)
                .build();
        deliver(List.of(new Entry(Table.ADDRESSES.item(address.toString()), item)), List.of());
    }

    public void forgetAddress(Address address) {
        deliver(List.of(), List.of(Table.ADDRESSES.item(address.toString())));
    }

    /** Waits until the loop has nothing of endpoints left to do. */
    public void settle() {
        deliver(List.of(), List.of());
    }

    @Override
    public void close() {
        loop.close();
    }

    private void deliver(List<Entry> upserts, List<ItemKey> removes) {
        loop.deliver(new DesiredChange(FeedMethods.POLICY, upserts, removes, true))
                .toCompletableFuture()
                .join();
    }

    private void reported(StateItem item) {
        try {
            var report = EndpointReport.parseFrom(item.value());
            reports.put(item.key().key(), report);
            onReport.run();
            if (answers) {
                var address = Address.of(report.getAddress());
                loop.deliver(new DesiredChange(
                        FeedMethods.POLICY,
                        List.of(new Entry(
                                Table.ENDPOINTS.item(report.getPodUid()),
                                endpoint(report.getPodUid(), address, IDENTITY))),
                        List.of(),
                        true));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void withdrawn(ItemKey key) {
        reports.remove(key.key());
        loop.deliver(new DesiredChange(FeedMethods.POLICY, List.of(), List.of(Table.ENDPOINTS.item(key.key())), true));
    }

    private static Endpoint endpoint(String uid, Address address, int identity) {
        return Endpoint.newBuilder()
                .setPodUid(uid)
                .setAddress(ByteString.copyFrom(address.bytes()))
                .setIdentity(identity)
                .build();
    }
}
