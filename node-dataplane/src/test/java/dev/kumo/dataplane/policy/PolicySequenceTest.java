// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.any;
import static dev.kumo.dataplane.policy.Classes.change;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.gone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.reconcile.Applied;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes of classes with blocks; after every single change of the kernel's maps all flows are judged. */
class PolicySequenceTest {
    private static final List<String> BLOCKS = List.of(
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.0/24",
            "10.1.2.128/25",
            "203.0.113.0/24",
            "203.0.113.7/32");
    private static final List<String> PEERS =
            List.of("10.9.9.9", "10.1.9.9", "10.1.2.9", "10.1.2.200", "203.0.113.9", "203.0.113.7", "1.1.1.1");
    private static final int CLASSES = 3;
    private static final int TCP = 6;

    private record Flow(int number, FlowDirection direction, String peer, int port) {}

    @TempDir
    Path state;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void atEveryMomentAFlowHasItsOldVerdictOrItsNewOneAndTurnsOnce(long seed) {
        var random = new Random(seed);
        var node = new PolicyNode(state);
        Map<Integer, PolicyClass.Builder> classes = new TreeMap<>();
        for (int number = 1; number <= CLASSES; number++) {
            classes.put(number, policyClass(number, random));
        }
        assertThat(node.become(change(entries(classes)))).isEqualTo(Applied.done());
        for (int round = 0; round < 40; round++) {
            if (random.nextInt(5) == 0) {
                node.start();
            }
            int number = 1 + random.nextInt(CLASSES);
            classes.put(number, policyClass(number, random));
            assertSmooth(node, change(entries(classes)), classes);
        }
        assertThat(node.become(gone(1, 2, 3))).isEqualTo(Applied.done());
        assertThat(node.classes.contents()).isEmpty();
        assertThat(node.addresses.contents()).hasSize(1);
    }

    private static void assertSmooth(PolicyNode node, DesiredChange change, Map<Integer, PolicyClass.Builder> classes) {
        Map<Flow, List<PolicyEntry>> history = new LinkedHashMap<>();
        Runnable look = () -> flows().forEach(flow -> {
            var verdicts = history.computeIfAbsent(flow, _ -> new ArrayList<>());
            var verdict = node.verdict(flow.number(), flow.direction(), flow.peer(), TCP, flow.port());
            if (verdicts.isEmpty() || !verdicts.getLast().equals(verdict)) {
                verdicts.add(verdict);
            }
        });
        look.run();
        node.policies.watch(look);
        node.classes.watch((key, value) -> look.run());
        node.addresses.watch((key, value) -> look.run());
        assertThat(node.become(change)).isEqualTo(Applied.done());
        look.run();
        node.policies.watch(() -> {});
        history.forEach((flow, verdicts) -> assertThat(verdicts)
                .as("%s", flow)
                .hasSizeLessThanOrEqualTo(2)
                .endsWith(naive(classes.get(flow.number()).build(), flow)));
    }

    /** By the definition: the longest block of the class in this direction is the peer, else the world. */
    private static PolicyEntry naive(PolicyClass item, Flow flow) {
        boolean ingress = flow.direction() == FlowDirection.INGRESS;
        if (!(ingress ? item.getEnforceIngress() : item.getEnforceEgress())) {
            return Judge.ALLOWED;
        }
        var direction = ingress ? Direction.DIRECTION_INGRESS : Direction.DIRECTION_EGRESS;
        var entries = item.getEntriesList().stream()
                .filter(entry -> entry.getDirection() == direction)
                .toList();
        var address = Address.of(flow.peer());
        int longest = entries.stream()
                .filter(entry -> entry.hasCidr()
                        && address.hasPrefix(
                                Address.of(entry.getCidr().getAddress()),
                                entry.getCidr().getLength()))
                .mapToInt(entry -> entry.getCidr().getLength())
                .max()
                .orElse(-1);
        var own = entries.stream()
                .filter(entry -> longest < 0
                        ? entry.hasIdentity() && entry.getIdentity() == ClassRules.WORLD
                        : entry.hasCidr()
                                && entry.getCidr().getLength() == longest
                                && address.hasPrefix(Address.of(entry.getCidr().getAddress()), longest))
                .toList();
        var found = longest(own, flow.port());
        if (found == null) {
            found = longest(
                    entries.stream()
                            .filter(entry -> !entry.hasCidr() && !entry.hasIdentity())
                            .toList(),
                    flow.port());
        }
        return found == null || found.getDeny() ? Judge.DENIED : Judge.ALLOWED;
    }

    private static dev.kumo.contract.policy.v1.PolicyEntry longest(
            List<dev.kumo.contract.policy.v1.PolicyEntry> entries, int port) {
        return entries.stream()
                .filter(entry -> entry.getProtocol() == 0
                        || (port & ~(0xffff >> entry.getPortPrefixLength())) == entry.getPort())
                .max((a, b) -> Integer.compare(
                        a.getProtocol() * 100 + a.getPortPrefixLength(),
                        b.getProtocol() * 100 + b.getPortPrefixLength()))
                .orElse(null);
    }

    private static PolicyClass.Builder policyClass(int number, Random random) {
        var item = PolicyClass.newBuilder()
                .setNumber(number)
                .setEnforceIngress(random.nextInt(4) > 0)
                .setEnforceEgress(random.nextInt(4) > 0);
        var keys = new HashMap<String, dev.kumo.contract.policy.v1.PolicyEntry>();
        int count = random.nextInt(10);
        for (int i = 0; i < count; i++) {
            var entry = switch (random.nextInt(6)) {
                case 0 -> any();
                case 1 -> from(ClassRules.WORLD);
                default -> from(BLOCKS.get(random.nextInt(BLOCKS.size())));
            };
            int bits = List.of(0, 6, 16).get(random.nextInt(3));
            if (random.nextBoolean()) {
                entry.setProtocol(TCP)
                        .setPort(List.of(80, 443).get(random.nextInt(2)) & ~(0xffff >> bits))
                        .setPortPrefixLength(bits);
            }
            entry.setDirection(random.nextBoolean() ? Direction.DIRECTION_INGRESS : Direction.DIRECTION_EGRESS);
            // One verdict a key, as in a plan.
            keys.put(
                    entry.build().toString(),
                    entry.setDeny(random.nextBoolean()).build());
        }
        item.addAllEntries(keys.values());
        return item;
    }

    private static List<Flow> flows() {
        var flows = new ArrayList<Flow>();
        for (int number = 1; number <= CLASSES; number++) {
            for (var direction : FlowDirection.values()) {
                for (var peer : PEERS) {
                    for (int port : List.of(80, 443, 50_000)) {
                        flows.add(new Flow(number, direction, peer, port));
                    }
                }
            }
        }
        return flows;
    }

    private static DesiredChange.Entry[] entries(Map<Integer, PolicyClass.Builder> classes) {
        return classes.values().stream().map(Classes::entry).toArray(DesiredChange.Entry[]::new);
    }
}
