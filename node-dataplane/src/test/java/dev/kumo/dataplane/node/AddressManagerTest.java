// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import static dev.kumo.dataplane.node.Items.address;
import static dev.kumo.dataplane.node.Items.entry;
import static dev.kumo.dataplane.node.Items.node;
import static dev.kumo.dataplane.node.Items.removes;
import static dev.kumo.dataplane.node.Items.upserts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressManagerTest {
    private static final int LOCAL = BlockRows.FIRST_LOCAL_IDENTITY + 1;
    private static final int HOST = 1;
    private static final int REMOTE_NODE = 6;
    private static final int TUNNEL_W2 = Address.of("172.18.0.12").ipv4();

    private final FakeKernelMap<PrefixKey, Peer> kernel = new FakeKernelMap<>("addresses");

    @Test
    void tellsNodesRangesAndPodsApart() {
        var manager = manager();
        manager.onUpdate(upserts(
                true,
                entry(node("w1", "172.18.0.11", "10.244.1.0/24")),
                entry(node("w2", "172.18.0.12", "10.244.2.0/24")),
                entry(address("10.244.1.5", 300, "w1")),
                entry(address("10.244.2.7", 400, "w2"))));

        assertThat(manager.apply(Slice.unlimited())).isEqualTo(Applied.done());
        assertThat(rows())
                .isEqualTo(Map.of(
                        "10.244.0.0/112", new Peer(0, 0),
                        "10.244.1.0/120", new Peer(0, 0),
                        "10.244.2.0/120", new Peer(0, TUNNEL_W2),
                        "172.18.0.11/128", new Peer(HOST, 0),
                        "172.18.0.12/128", new Peer(REMOTE_NODE, TUNNEL_W2),
                        "10.244.1.5/128", new Peer(300, 0),
                        "10.244.2.7/128", new Peer(400, TUNNEL_W2)));
    }

    @Test
    void anAddressWhoseNodeIsUnknownHasNoRowUntilTheNodeIsKnown() {
        var manager = manager();
        manager.onUpdate(upserts(true, entry(address("10.244.2.7", 400, "w2"))));
        manager.apply(Slice.unlimited());
        assertThat(rows()).containsOnlyKeys("10.244.0.0/112");

        manager.onUpdate(upserts(true, entry(node("w2", "172.18.0.12", "10.244.2.0/24"))));
        manager.apply(Slice.unlimited());
        assertThat(rows()).containsEntry("10.244.2.7/128", new Peer(400, TUNNEL_W2));

        manager.onUpdate(removes(true, Table.NODES.item("w2")));
        manager.apply(Slice.unlimited());
        assertThat(rows()).containsOnlyKeys("10.244.0.0/112");
    }

    @Test
    void sweepsNothingThatAnEarlierRunLeftBeforeTheFeedIsInSync() {
        kernel.update(PrefixKey.of(Address.of("10.244.2.9")), new Peer(500, TUNNEL_W2));
        var manager = manager();
        manager.onUpdate(upserts(false, entry(node("w2", "172.18.0.12", "10.244.2.0/24"))));
        manager.apply(Slice.unlimited());
        assertThat(rows()).containsEntry("10.244.2.9/128", new Peer(500, TUNNEL_W2));

        manager.onUpdate(upserts(true));
        manager.apply(Slice.unlimited());
        assertThat(rows()).doesNotContainKey("10.244.2.9/128").containsKey("10.244.2.0/120");
    }

    @Test
    void refusesTheItemsThatHaveNoRoomAndSaysSo() {
        var small = new FakeKernelMap<PrefixKey, Peer>("addresses", 3);
        var manager = manager(small);
        manager.onUpdate(upserts(
                true, entry(node("w1", "172.18.0.11", "10.244.1.0/24")), entry(address("10.244.1.5", 300, "w1"))));

        assertThat(manager.apply(Slice.unlimited()))
                .isInstanceOfSatisfying(
                        Applied.Retry.class,
                        retry -> assertThat(retry.refusals())
                                .extracting(ItemRefusal::key, ItemRefusal::reason)
                                .containsExactly(tuple(Table.ADDRESSES.item("10.244.1.5"), Reason.MAP_FULL)));
    }

    /** Same end, whatever the way: state list × order × cuts into batches and slices. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anyOrderOfTheSameChangesEndsInTheSameMap(long seed) {
        var changes = new ArrayList<List<DesiredChange>>(List.of(
                List.of(upserts(false, entry(node("w1", "172.18.0.11", "10.244.1.0/24")))),
                List.of(
                        upserts(false, entry(node("w2", "172.18.0.99", "10.244.2.0/24"))),
                        upserts(false, entry(node("w2", "172.18.0.12", "10.244.2.0/24")))),
                List.of(
                        upserts(false, entry(node("w3", "172.18.0.13", "10.244.3.0/24"))),
                        removes(false, Table.NODES.item("w3"))),
                List.of(
                        upserts(false, entry(address("10.244.2.7", 399, "w3"))),
                        upserts(false, entry(address("10.244.2.7", 400, "w2")))),
                List.of(
                        upserts(false, entry(address("10.244.1.8", 400, "w1"))),
                        removes(false, Table.ADDRESSES.item("10.244.1.8"))),
                List.of(upserts(false, entry(address("172.18.0.12", 300, "w2")))),
                List.of(upserts(false, entry(address("10.244.1.5", 300, "w1"))))));
        var random = new Random(seed);
        kernel.update(PrefixKey.of(Address.of("10.244.9.9")), new Peer(9, 9));
        var manager = manager();
        for (var change : interleaved(changes, random)) {
            manager.onUpdate(change);
            if (random.nextBoolean()) {
                manager.apply(Slice.ofSteps(random.nextInt(4)));
            }
        }
        manager.onUpdate(upserts(true));
        while (manager.apply(Slice.ofSteps(3)) instanceof Applied.More) {
            assertThat(kernel.writes()).isLessThan(200);
        }

        assertThat(rows())
                .isEqualTo(Map.of(
                        "10.244.0.0/112", new Peer(0, 0),
                        "10.244.1.0/120", new Peer(0, 0),
                        "10.244.2.0/120", new Peer(0, TUNNEL_W2),
                        "172.18.0.11/128", new Peer(HOST, 0),
                        "172.18.0.12/128", new Peer(REMOTE_NODE, TUNNEL_W2),
                        "10.244.2.7/128", new Peer(400, TUNNEL_W2),
                        "10.244.1.5/128", new Peer(300, 0)));
    }

    /** Each item's own changes keep their order; those of different items mix. */
    private static List<DesiredChange> interleaved(List<List<DesiredChange>> sequences, Random random) {
        var left = new ArrayList<ArrayList<DesiredChange>>();
        sequences.forEach(sequence -> left.add(new ArrayList<>(sequence)));
        var mixed = new ArrayList<DesiredChange>();
        while (!left.isEmpty()) {
            Collections.shuffle(left, random);
            mixed.add(left.getFirst().removeFirst());
            left.removeIf(List::isEmpty);
        }
        return mixed;
    }

    @Test
    void blocksOfTheWorldAreRowsAtOnceAndThoseOfPodsAreNot() {
        var manager = manager();
        manager.onUpdate(upserts(true, entry(node("w2", "172.18.0.12", "192.168.7.0/24"))));
        manager.apply(Slice.unlimited());
        assertThat(manager.put(PrefixKey.of(Address.of("203.0.113.0"), 24), LOCAL))
                .isEmpty();
        assertThat(manager.put(PrefixKey.of(Address.of("10.244.2.0"), 24), LOCAL + 1))
                .isEmpty();
        assertThat(manager.put(PrefixKey.of(Address.of("192.168.7.0"), 26), LOCAL + 2))
                .isEmpty();
        assertThat(manager.put(PrefixKey.of(Address.of("172.18.0.12")), LOCAL + 3))
                .isEmpty();
        assertThat(rows())
                .containsEntry("203.0.113.0/120", new Peer(LOCAL, 0))
                .containsEntry("172.18.0.12/128", new Peer(REMOTE_NODE, TUNNEL_W2))
                .doesNotContainKeys("10.244.2.0/120", "192.168.7.0/122");
        manager.onUpdate(removes(true, Table.NODES.item("w2")));
        manager.apply(Slice.unlimited());
        assertThat(rows())
                .containsEntry("192.168.7.0/122", new Peer(LOCAL + 2, 0))
                .containsEntry("172.18.0.12/128", new Peer(LOCAL + 3, 0));
        assertThat(manager.remove(PrefixKey.of(Address.of("203.0.113.0"), 24))).isEmpty();
        assertThat(rows()).doesNotContainKey("203.0.113.0/120");
    }

    @Test
    void blocksOfAnEarlierRunStandUntilTheyAreRemoved() {
        var block = PrefixKey.of(Address.of("203.0.113.0"), 24);
        kernel.update(block, new Peer(LOCAL, 0));
        var manager = manager();
        assertThat(manager.adopted()).isEqualTo(Map.of(block, LOCAL));
        manager.onUpdate(upserts(true));
        manager.apply(Slice.unlimited());
        assertThat(rows()).containsEntry("203.0.113.0/120", new Peer(LOCAL, 0));
    }

    private AddressManager manager() {
        return manager(kernel);
    }

    private static AddressManager manager(FakeKernelMap<PrefixKey, Peer> kernel) {
        var map = new ReconciledMap<>(kernel);
        map.load();
        return new AddressManager(Items.network(Routing.VXLAN), map);
    }

    private Map<String, Peer> rows() {
        var rows = new TreeMap<String, Peer>();
        kernel.forEach((key, peer) -> rows.put(key.address() + "/" + key.prefixLength(), peer));
        return rows;
    }
}
