// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.change;
import static dev.kumo.dataplane.policy.Classes.egress;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.gone;
import static dev.kumo.dataplane.policy.Classes.rules;
import static dev.kumo.dataplane.policy.Classes.slot;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.node.AddressManager;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes, blocks and slots in the maps of the real objects, over two processes. */
@Tag("privileged")
class PolicyOnKernelTest {
    private static final PrefixKey BLOCK = PrefixKey.of(Address.of("203.0.113.0"), 24);

    @TempDir
    Path state;

    private final TestDatapath node = TestDatapath.load(TestDatapath.CONFIG);
    private PolicyNode envoy;

    @AfterEach
    void close() {
        node.close();
    }

    /** One process's life. */
    private PolicyManager start(Datapath datapath) {
        envoy = new PolicyNode(state.resolve("unused"));
        var rows = new ReconciledMap<>(datapath.addresses());
        rows.load();
        return new PolicyManager(
                PolicyMaps.of(datapath),
                new AddressManager(Items.network(Routing.VXLAN), rows),
                state,
                envoy.envoy(),
                new PolicyManager.Clocks(() -> 1000, System::nanoTime));
    }

    @Test
    void aClassComesChangesAndIsFoundAgain() {
        var policy = start(node.datapath());
        become(policy, change(entry(egress(5, tcp(from("203.0.113.0/24"), 443), from(2).setDeny(true)))));
        var identity = identity();
        assertThat(entries(5))
                .isEqualTo(Map.of(
                        PolicyKey.of(identity, FlowDirection.EGRESS, Classes.TCP, 443, 16), Judge.ALLOWED,
                        PolicyKey.of(2, FlowDirection.EGRESS), Judge.DENIED));
        var first = node.datapath().classes().lookup(5).orElseThrow();
        assertThat(first.flags()).isEqualTo(PolicyClass.ENFORCE_EGRESS);

        become(policy, change(entry(egress(5, tcp(from("203.0.113.0/24"), 80)))));
        assertThat(entries(5))
                .isEqualTo(Map.of(PolicyKey.of(identity, FlowDirection.EGRESS, Classes.TCP, 80, 16), Judge.ALLOWED));
        var second = node.datapath().classes().lookup(5).orElseThrow();
        assertThat(second.revision()).isGreaterThan(first.revision());

        try (var again = Datapath.load(TestDatapath.OBJECTS, node.pins(), TestDatapath.CONFIG)) {
            var next = start(again);
            become(next, change(entry(egress(5, tcp(from("203.0.113.0/24"), 80)))));
            assertThat(again.classes().lookup(5)).contains(second);
            assertThat(identity()).isEqualTo(identity);
            next.onUpdate(gone(5));
            next.apply(Slice.unlimited());
            new PolicySweep(next, again.endpoints(), again.endpointLinks()).apply(Slice.unlimited());
            assertThat(again.classes().lookup(5)).isEmpty();
            assertThat(again.policies().keys()).isEmpty();
            assertThat(again.addresses().lookup(BLOCK)).isEmpty();
        }
    }

    @Test
    void aClassMayFillItsMapAndBeReplacedWhole() {
        var policy = start(node.datapath());
        become(policy, change(entry(egress(5, identities(1000)))));
        assertThat(entries(5)).hasSize(16_384);
        become(policy, change(entry(egress(5, identities(30_000)))));
        assertThat(entries(5)).hasSize(16_384).containsKey(PolicyKey.of(30_000, FlowDirection.EGRESS));
    }

    @Test
    void aSlotHasItsListenersPort() {
        var policy = start(node.datapath());
        become(
                policy,
                change(entry(egress(5, tcp(from(300), 80).setSlot(7)).addSlots(slot(7, 7))), rules(7, "GET", "/")));
        assertThat(node.datapath().slots().lookup(7)).contains(new SlotPort(11_000));
    }

    private static PolicyEntry.Builder[] identities(int first) {
        return IntStream.range(first, first + 16_384).mapToObj(Classes::from).toArray(PolicyEntry.Builder[]::new);
    }

    private static void become(PolicyManager policy, DesiredChange change) {
        policy.onUpdate(change);
        assertThat(policy.apply(Slice.unlimited())).isEqualTo(Applied.done());
    }

    private int identity() {
        return node.datapath().addresses().lookup(BLOCK).orElseThrow().identity();
    }

    private Map<PolicyKey, dev.kumo.dataplane.bpf.map.PolicyEntry> entries(int number) {
        try (var inner = node.datapath().policies().open(number).orElseThrow()) {
            return contents(inner);
        }
    }

    private static <K, V> Map<K, V> contents(KernelMap<K, V> map) {
        var contents = new HashMap<K, V>();
        map.forEach(contents::put);
        return contents;
    }
}
