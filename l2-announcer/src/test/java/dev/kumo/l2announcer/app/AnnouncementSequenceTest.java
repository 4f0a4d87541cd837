// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.l2announcer.plan.AnnouncementPlan;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random sequences of what people and machines do; the seed stands in every message. Each node sees to it that no term falls. */
class AnnouncementSequenceTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 80;
    private static final int NODES = 4;

    @Test
    void nothingMovesByAnotherLeaderOrARestart() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lan = lan(random);
            lan.settle();
            var before = lan.holders();
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(3) == 0) {
                    lan.electAnother(random.nextBoolean());
                }
                step(lan, random);
                assertThat(lan.holders()).as("seed %d, step %d", seed, step).isEqualTo(before);
            }
        }
    }

    @Test
    void whateverComesWhenEveryAddressIsAnsweredByOneNodeInTheEnd() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lan = lan(random);
            for (int step = 0; step < STEPS; step++) {
                lan.when = "seed %d, step %d".formatted(seed, step);
                act(lan, random);
                step(lan, random);
            }
            lan.nodes.values().forEach(node -> node.alive = true);
            lan.excluded.clear();
            var plan = lan.settle();
            int expected = lan.services.values().stream()
                    .flatMap(service -> service.loadBalancerIps().stream())
                    .collect(Collectors.toSet())
                    .size();
            assertThat(plan.announcements()).as("seed %d", seed).hasSize(expected);
            assertAnsweredByTheFirst(lan, plan, seed);
        }
    }

    @Test
    void aDeadHoldersAddressesStayWithWhoTookThemOver() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lan = lan(random);
            lan.settle();
            lan.nodes.get("w1").alive = false;
            lan.settle();
            var taken = lan.holders();
            assertThat(taken.values()).as("seed %d", seed).doesNotContain("w1");
            lan.nodes.get("w1").alive = true;
            lan.electAnother(true);
            lan.settle();
            assertThat(lan.holders()).as("seed %d: nothing moves back", seed).isEqualTo(taken);
        }
    }

    @Test
    void aLeaseThatSomebodyDeletesIsWrittenAnewAsItWas() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lan = lan(random);
            lan.settle();
            var leases = lan.leases();
            var answers = lan.answers();
            var names = List.copyOf(leases.keySet());
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(4) == 0) {
                    lan.deleteByHand(names.get(random.nextInt(names.size())));
                }
                step(lan, random);
                assertThat(lan.answers()).as("seed %d, step %d", seed, step).isEqualTo(answers);
            }
            lan.settle();
            assertThat(lan.leases()).as("seed %d: holders and terms", seed).isEqualTo(leases);
        }
    }

    @Test
    void aPlannedMoveLeavesNoMomentWithoutAnAnswer() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lan = lan(random);
            lan.settle();
            lan.excluded.add("w" + (1 + random.nextInt(NODES)));
            for (int step = 0; step < STEPS; step++) {
                step(lan, random);
                for (var address : lan.plan().announcements().keySet()) {
                    assertThat(lan.nodes.values())
                            .as("seed %d, step %d: who answers for %s", seed, step, address)
                            .anyMatch(node -> node.held.containsKey(address));
                }
            }
            lan.settle();
            assertThat(lan.holders().values()).as("seed %d", seed).doesNotContainAnyElementsOf(lan.excluded);
        }
    }

    @Test
    void newServicesAreSpreadEvenlyHoweverTheyCome() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lan = new SimulatedLan(random, NODES);
            for (int i = 0; i < 3 * NODES; i++) {
                lan.service("s" + i, "172.18.0." + (200 + i));
                step(lan, random);
            }
            lan.settle();
            Map<String, Long> held = lan.holders().values().stream()
                    .collect(Collectors.groupingBy(holder -> holder, Collectors.counting()));
            assertThat(held.values())
                    .as("seed %d: %s", seed, held)
                    .hasSize(NODES)
                    .containsOnly(3L);
        }
    }

    private static void assertAnsweredByTheFirst(SimulatedLan lan, AnnouncementPlan plan, int seed) {
        plan.announcements()
                .forEach((address, announcement) -> assertThat(lan.nodes.values().stream()
                                .filter(node -> node.held.containsKey(address))
                                .map(node -> node.name)
                                .toList())
                        .as("seed %d: who answers for %s", seed, address)
                        .isEqualTo(List.of(announcement.list().nodes().getFirst())));
    }

    private static SimulatedLan lan(Random random) {
        var lan = new SimulatedLan(random, NODES);
        for (int i = 0; i < 6; i++) {
            lan.service("s" + i, "172.18.0." + (200 + i));
        }
        lan.service("shares", "172.18.0.200", "172.18.0.220");
        return lan;
    }

    private static void step(SimulatedLan lan, Random random) {
        var plan = lan.plan();
        if (random.nextBoolean()) {
            lan.landOne();
        }
        lan.deliver(random.nextInt(3));
        if (random.nextInt(3) > 0) {
            lan.publish(plan);
        }
        lan.probe();
        if (random.nextBoolean()) {
            lan.report();
        }
    }

    private static void act(SimulatedLan lan, Random random) {
        var node = "w" + (1 + random.nextInt(NODES));
        switch (random.nextInt(8)) {
            case 0 -> lan.nodes.get(node).alive = !lan.nodes.get(node).alive;
            case 1 -> lan.electAnother(random.nextBoolean());
            case 2 -> {
                lan.excluded.clear();
                lan.excluded.add(node);
            }
            case 3 -> lan.services.keySet().stream().findAny().ifPresent(lan.services::remove);
            case 4, 5 -> lan.service("s" + random.nextInt(8), "172.18.0." + (200 + random.nextInt(8)));
            case 6 ->
                lan.service(
                        "d" + random.nextInt(2),
                        "172.18.0." + (200 + random.nextInt(8)),
                        "172.18.0." + (210 + random.nextInt(2)));
            default -> {
                // A step in which nobody does anything.
            }
        }
    }
}
