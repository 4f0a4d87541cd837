// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.stream.Reason;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The maps of policy, with the real objects. */
@Tag("privileged")
class PolicyMapsTest {
    private static final int TCP = 6;
    private static final Map<PolicyKey, PolicyEntry> RULES = Map.of(
            PolicyKey.of(300, FlowDirection.INGRESS),
            new PolicyEntry(PolicyEntry.DENY, 0),
            PolicyKey.of(300, FlowDirection.INGRESS, TCP, 8080, 16),
            new PolicyEntry(0, 7),
            PolicyKey.of(0, FlowDirection.EGRESS, TCP, 1024, 6),
            new PolicyEntry(0, 0));

    private final TestDatapath node = TestDatapath.load(TestDatapath.CONFIG);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aClassLivesInItsMapOfMapsThoughItsMakerIsGone() {
        try (var inner = node.datapath().policies().create()) {
            RULES.forEach(inner::update);
            node.datapath().policies().put(5, inner);
        }
        try (var again = Datapath.load(TestDatapath.OBJECTS, node.pins(), TestDatapath.CONFIG)) {
            assertThat(again.policies().keys()).containsExactly(5);
            try (var inner = again.policies().open(5).orElseThrow()) {
                assertThat(contents(inner)).isEqualTo(RULES);
                assertThat(inner.delete(PolicyKey.of(300, FlowDirection.INGRESS)))
                        .isTrue();
            }
            assertThat(again.policies().delete(5)).isTrue();
            assertThat(again.policies().delete(5)).isFalse();
            assertThat(again.policies().open(5)).isEmpty();
        }
    }

    @Test
    void anotherMapTakesAClasssPlace() {
        var policies = node.datapath().policies();
        try (var before = policies.create();
                var after = policies.create()) {
            policies.put(5, before);
            RULES.forEach(after::update);
            policies.put(5, after);
            try (var held = policies.open(5).orElseThrow()) {
                assertThat(contents(held)).isEqualTo(RULES);
            }
        }
    }

    @Test
    void aClassHasRoomForSomeEntriesAndNoMore() {
        var policies = node.datapath().policies();
        assertThat(policies.innerCapacity()).isEqualTo(16_384);
        try (var inner = policies.create()) {
            for (int identity = 1; identity <= policies.innerCapacity(); identity++) {
                inner.update(PolicyKey.of(identity, FlowDirection.INGRESS), new PolicyEntry(0, 0));
            }
            assertThatThrownBy(() -> inner.update(PolicyKey.of(99_999, FlowDirection.INGRESS), new PolicyEntry(0, 0)))
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.MAP_FULL));
        }
    }

    @Test
    void classesAndSlotsAreReadBackAsTheyWereWritten() {
        var policyClass = new PolicyClass(1L << 40, PolicyClass.ENFORCE_EGRESS);
        node.datapath().classes().update(5, policyClass);
        node.datapath().slots().update(7, new SlotPort(11_000));
        assertThat(node.datapath().classes().lookup(5)).contains(policyClass);
        assertThat(node.datapath().slots().lookup(7)).contains(new SlotPort(11_000));
    }

    private static Map<PolicyKey, PolicyEntry> contents(KernelMap<PolicyKey, PolicyEntry> map) {
        var contents = new HashMap<PolicyKey, PolicyEntry>();
        map.forEach(contents::put);
        return contents;
    }
}
