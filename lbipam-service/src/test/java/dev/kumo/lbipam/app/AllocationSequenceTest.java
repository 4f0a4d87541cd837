// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.PoolView.BlockView;
import dev.kumo.lbipam.model.SelectorView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.plan.address.AddressFamily;
import dev.kumo.lbipam.plan.address.AllocationPlanner;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random sequences of what people and machines do; the seed stands in every message. */
class AllocationSequenceTest {
    private static final int SEEDS = 200;
    private static final int STEPS = 150;
    private static final String KEY = "lbipam.cilium.io/sharing-key";
    private static final String IPS = "lbipam.cilium.io/ips";

    private long age;

    @Test
    void noAddressIsEverGivenTwiceWhateverComesWhen() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var cluster = new SimulatedCluster(random);
            for (int step = 0; step < STEPS; step++) {
                act(cluster, random);
                cluster.plan();
                var written = random.nextBoolean() ? cluster.landOne() : null;
                if (written != null) {
                    assertHoldsAlone(cluster, written, "seed %d, step %d".formatted(seed, step));
                }
                cluster.deliver();
            }
        }
    }

    @Test
    void whatIsHeldStaysWhileItsPoolContainsItWhoeverLeads() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var cluster = new SimulatedCluster(random);
            int first = 200;
            int last = 205;
            cluster.pools.put("stays", pool("stays", 1, first, last, false, Map.of()));
            for (int step = 0; step < STEPS; step++) {
                var before = held(cluster);
                switch (random.nextInt(5)) {
                    case 0, 1 -> create(cluster, random);
                    case 2 -> delete(cluster, random);
                    case 3 -> cluster.electAnother();
                    default -> {
                        // An edit that still contains everything that was given.
                        first -= random.nextInt(3);
                        last += random.nextInt(3);
                        var edited = pool(
                                "stays", 1, Math.max(1, first), Math.min(254, last), random.nextBoolean(), Map.of());
                        cluster.pools.put("stays", edited);
                    }
                }
                cluster.plan();
                cluster.landOne();
                cluster.deliver();
                assertNothingMoved(before, held(cluster), "seed %d, step %d".formatted(seed, step));
            }
        }
    }

    @Test
    void aSettledClusterIsLeftAlone() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var cluster = new SimulatedCluster(random);
            for (int step = 0; step < STEPS; step++) {
                act(cluster, random);
                cluster.plan();
                cluster.landOne();
                cluster.deliver();
            }
            var plan = cluster.settle();
            assertThat(plan.outdatedServices()).as("seed %d", seed).isEmpty();
            cluster.electAnother();
            assertThat(cluster.plan().services())
                    .as("seed %d, another leader", seed)
                    .isEqualTo(plan.services());
        }
    }

    @Test
    void theOrderOfInputsDoesNotMatter() {
        var planner = new AllocationPlanner(Set.of(AddressFamily.IPV4));
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var cluster = new SimulatedCluster(random);
            for (int step = 0; step < STEPS / 3; step++) {
                act(cluster, random);
                cluster.deliver();
            }
            var plan = planner.plan(cluster.inputs());
            for (int again = 0; again < 5; again++) {
                assertThat(planner.plan(cluster.inputs())).as("seed %d", seed).isEqualTo(plan);
            }
        }
    }

    private void act(SimulatedCluster cluster, Random random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> create(cluster, random);
            case 4 -> delete(cluster, random);
            case 5 -> {
                if (!cluster.services.isEmpty()) {
                    var claim = any(cluster, random);
                    cluster.store(SimulatedCluster.asking(claim, labels(random), notes(claim, random)));
                }
            }
            case 6, 7 -> {
                var name = "pool" + random.nextInt(3);
                int first = 200 + random.nextInt(12);
                cluster.pools.put(
                        name,
                        pool(
                                name,
                                random.nextInt(3),
                                first,
                                first + random.nextInt(6),
                                random.nextInt(5) == 0,
                                random.nextInt(3) == 0 ? Map.of("color", "blue") : Map.of()));
            }
            case 8 -> cluster.pools.remove("pool" + random.nextInt(3));
            default -> cluster.electAnother();
        }
    }

    private void create(SimulatedCluster cluster, Random random) {
        var claim =
                SimulatedCluster.claim("s" + random.nextInt(12), SimulatedCluster.stamp(++age), 80 + random.nextInt(3));
        if (!cluster.services.containsKey(claim.service().ref())) {
            var notes = new TreeMap<String, String>();
            if (random.nextInt(3) == 0) {
                notes.put(KEY, "k" + random.nextInt(2));
            }
            cluster.store(SimulatedCluster.asking(claim, labels(random), notes));
        }
    }

    private static void delete(SimulatedCluster cluster, Random random) {
        if (!cluster.services.isEmpty()) {
            cluster.delete(any(cluster, random).service().ref());
        }
    }

    private static ServiceClaim any(SimulatedCluster cluster, Random random) {
        return List.copyOf(cluster.services.values()).get(random.nextInt(cluster.services.size()));
    }

    private static TreeMap<String, String> labels(Random random) {
        return random.nextBoolean() ? new TreeMap<>(Map.of("color", "blue")) : new TreeMap<>();
    }

    /** Sharing stays as it was: who makes sharers incompatible has one address twice until that is settled. */
    private static TreeMap<String, String> notes(ServiceClaim claim, Random random) {
        var notes = new TreeMap<>(claim.service().annotations());
        notes.remove(IPS);
        if (random.nextBoolean()) {
            notes.put(IPS, "172.18.0." + (200 + random.nextInt(16)));
        }
        return notes;
    }

    private static PoolView pool(
            String name, int age, int first, int last, boolean disabled, Map<String, String> labels) {
        return new PoolView(
                name,
                SimulatedCluster.stamp(age),
                List.of(new BlockView("", "172.18.0." + first, "172.18.0." + last)),
                new SelectorView(new TreeMap<>(labels), List.of()),
                disabled,
                true,
                List.of());
    }

    private static Map<ServiceRef, List<String>> held(SimulatedCluster cluster) {
        return cluster.services.values().stream()
                .collect(Collectors.toMap(
                        claim -> claim.service().ref(), claim -> claim.service().loadBalancerIps()));
    }

    private static void assertNothingMoved(
            Map<ServiceRef, List<String>> before, Map<ServiceRef, List<String>> after, String when) {
        before.forEach((service, ips) -> {
            if (after.containsKey(service) && !ips.isEmpty()) {
                assertThat(after.get(service))
                        .as("%s: addresses of %s", when, service)
                        .isEqualTo(ips);
            }
        });
    }

    /** By the API server's truth, not by what the leader believes. */
    private static void assertHoldsAlone(SimulatedCluster cluster, ServiceRef written, String when) {
        var claim = cluster.services.get(written);
        for (var other : cluster.services.values()) {
            if (!other.service().ref().equals(written) && !mayShare(claim, other)) {
                assertThat(Collections.disjoint(
                                other.service().loadBalancerIps(),
                                claim.service().loadBalancerIps()))
                        .as(
                                "%s: %s and %s differ in their addresses",
                                when, written, other.service().ref())
                        .isTrue();
            }
        }
    }

    private static boolean mayShare(ServiceClaim one, ServiceClaim other) {
        var key = one.service().annotations().get(KEY);
        return key != null
                && key.equals(other.service().annotations().get(KEY))
                && !one.service().ports().equals(other.service().ports());
    }
}
