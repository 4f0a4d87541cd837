// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.policy.ClassChange.Held;
import dev.kumo.dataplane.policy.ClassChange.Limits;
import dev.kumo.dataplane.policy.ClassChange.Step;
import dev.kumo.dataplane.policy.Judge.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassChangeTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int BOTH = PolicyClass.ENFORCE_INGRESS | PolicyClass.ENFORCE_EGRESS;
    private static final PolicyEntry ALLOW = new PolicyEntry(0, 0);
    private static final PolicyEntry DENY = new PolicyEntry(PolicyEntry.DENY, 0);
    private static final Limits LIMITS = new Limits(16_384, 512);
    private static final PolicyKey ANY_TCP = PolicyKey.of(0, FlowDirection.INGRESS, TCP, 0, 0);
    private static final PolicyKey TCP_80 = PolicyKey.of(0, FlowDirection.INGRESS, TCP, 80, 16);
    private static final PolicyKey TCP_LOW = PolicyKey.of(0, FlowDirection.INGRESS, TCP, 0, 6);

    @Test
    void nothingIsDoneWhereNothingDiffers() {
        var entries = Map.of(ANY_TCP, ALLOW);
        assertThat(ClassChange.steps(held(BOTH, entries), BOTH, entries, LIMITS))
                .isEmpty();
    }

    @Test
    void entriesAreWrittenFromTheMostSpecificAndRemovedFromTheLeastSpecificAndTheRowIsLast() {
        var steps = ClassChange.steps(
                held(BOTH, Map.of(ANY_TCP, ALLOW, PolicyKey.of(0, FlowDirection.INGRESS), DENY)),
                BOTH,
                Map.of(TCP_80, ALLOW, TCP_LOW, DENY, PolicyKey.of(5, FlowDirection.INGRESS), DENY),
                LIMITS);
        assertThat(steps)
                .containsExactly(
                        new Step.Write(PolicyKey.of(5, FlowDirection.INGRESS), DENY),
                        new Step.Write(TCP_80, ALLOW),
                        new Step.Write(TCP_LOW, DENY),
                        new Step.Remove(PolicyKey.of(0, FlowDirection.INGRESS)),
                        new Step.Remove(ANY_TCP),
                        new Step.Row(BOTH, true));
    }

    @Test
    void aDirectionIsReleasedBeforeItsEntriesGo() {
        var steps = ClassChange.steps(held(BOTH, Map.of(ANY_TCP, ALLOW)), PolicyClass.ENFORCE_EGRESS, Map.of(), LIMITS);
        assertThat(steps)
                .containsExactly(
                        new Step.Row(PolicyClass.ENFORCE_EGRESS, false),
                        new Step.Remove(ANY_TCP),
                        new Step.Row(PolicyClass.ENFORCE_EGRESS, true));
    }

    @Test
    void aDirectionIsEnforcedOnceItsEntriesAreThere() {
        var steps = ClassChange.steps(held(0, Map.of()), PolicyClass.ENFORCE_INGRESS, Map.of(ANY_TCP, ALLOW), LIMITS);
        assertThat(steps)
                .containsExactly(new Step.Write(ANY_TCP, ALLOW), new Step.Row(PolicyClass.ENFORCE_INGRESS, true));
    }

    @Test
    void aNewClassGetsItsMapThenItsRow() {
        var entries = Map.of(ANY_TCP, ALLOW);
        assertThat(ClassChange.steps(Held.NOTHING, BOTH, entries, LIMITS))
                .containsExactly(new Step.Replace(entries), new Step.Row(BOTH, true));
    }

    @Test
    void manyChangesMakeANewMapAndSoDoOnesThatWouldNotFitBesideTheOld() {
        var wanted = new HashMap<PolicyKey, PolicyEntry>();
        for (int port = 1; port <= 5; port++) {
            wanted.put(PolicyKey.of(0, FlowDirection.INGRESS, TCP, port, 16), ALLOW);
        }
        var held = held(BOTH, Map.of(ANY_TCP, ALLOW));
        assertThat(ClassChange.steps(held, BOTH, wanted, new Limits(16_384, 5)))
                .containsExactly(new Step.Replace(wanted), new Step.Row(BOTH, true));
        assertThat(ClassChange.steps(held, BOTH, wanted, new Limits(5, 512)))
                .containsExactly(new Step.Replace(wanted), new Step.Row(BOTH, true));
        assertThat(ClassChange.steps(held, BOTH, wanted, new Limits(6, 512))).hasSize(7);
    }

    /** Denied before and after means denied throughout, and so for every other verdict; each flow turns once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void atEveryMomentAFlowHasItsOldVerdictOrItsNewOneAndTurnsOnce(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            var before = entries(random);
            var after = entries(random);
            int flagsBefore = random.nextInt(4);
            int flagsAfter = random.nextInt(4);
            var limits = random.nextInt(4) == 0 ? new Limits(16_384, 3) : LIMITS;
            var state = new HashMap<>(before);
            var row = new PolicyClass(1, flagsBefore);
            var history = new HashMap<Flow, List<PolicyEntry>>();
            flows().forEach(flow -> history.put(
                    flow, new ArrayList<>(List.of(Judge.verdict(new PolicyClass(1, flagsBefore), before, flow)))));
            var steps = ClassChange.steps(held(flagsBefore, before), flagsAfter, after, limits);
            for (var step : steps) {
                switch (step) {
                    case Step.Write(var key, var entry) -> state.put(key, entry);
                    case Step.Remove(var key) -> state.remove(key);
                    case Step.Replace(var entries) -> {
                        state.clear();
                        state.putAll(entries);
                    }
                    case Step.Row(var flags, var revised) ->
                        row = new PolicyClass(row.revision() + (revised ? 1 : 0), flags);
                }
                var now = row;
                history.forEach((flow, verdicts) -> {
                    var verdict = Judge.verdict(now, state, flow);
                    if (!verdict.equals(verdicts.getLast())) {
                        verdicts.add(verdict);
                    }
                });
            }
            assertThat(state).isEqualTo(after);
            assertThat(row.flags()).isEqualTo(flagsAfter);
            var wanted = new PolicyClass(2, flagsAfter);
            history.forEach((flow, verdicts) -> assertThat(verdicts)
                    .as("%s from %s to %s by %s", flow, before, after, steps)
                    .hasSizeLessThanOrEqualTo(2)
                    .endsWith(Judge.verdict(wanted, after, flow)));
        }
    }

    private static Held held(int flags, Map<PolicyKey, PolicyEntry> entries) {
        return new Held(new PolicyClass(1, flags), true, entries);
    }

    private static Map<PolicyKey, PolicyEntry> entries(Random random) {
        var entries = new HashMap<PolicyKey, PolicyEntry>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            int identity = List.of(0, 0, 300, 301).get(random.nextInt(4));
            var direction = FlowDirection.values()[random.nextInt(2)];
            int bits = List.of(0, 6, 10, 16).get(random.nextInt(4));
            int protocol = random.nextBoolean() ? TCP : UDP;
            int port = List.of(80, 443, 8080).get(random.nextInt(3)) & ~(0xffff >> bits);
            var key = random.nextInt(4) == 0
                    ? PolicyKey.of(identity, direction)
                    : PolicyKey.of(identity, direction, protocol, port, bits);
            entries.put(key, List.of(ALLOW, DENY, new PolicyEntry(0, 7)).get(random.nextInt(3)));
        }
        return entries;
    }

    private static List<Flow> flows() {
        var flows = new ArrayList<Flow>();
        for (int identity : List.of(300, 301, 302)) {
            for (var direction : FlowDirection.values()) {
                for (int protocol : List.of(TCP, UDP, 1)) {
                    for (int port : List.of(8, 80, 443, 8080, 50_000)) {
                        flows.add(new Flow(identity, direction, protocol, port));
                    }
                }
            }
        }
        return flows;
    }
}
