// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.EndpointSliceView.EndpointView;
import dev.kumo.lbipam.model.ObjectStamp;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.PoolView.BlockView;
import dev.kumo.lbipam.model.SelectorView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.plan.ServiceInputs;
import dev.kumo.lbipam.plan.ServicePlanner;
import dev.kumo.lbipam.plan.address.AddressFamily;
import dev.kumo.lbipam.plan.address.AllocationInputs;
import dev.kumo.lbipam.plan.address.AllocationPlan;
import dev.kumo.lbipam.plan.address.AllocationPlanner;
import dev.kumo.lbipam.publish.ServiceMapper;
import dev.kumo.stream.StateDelta;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.testkit.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures the giving of addresses to many LoadBalancer Services without node ports from one pool, and their feed.
 * {@code --services N --rounds N}
 */
public final class LbipamScale {
    private final AllocationPlanner planner = new AllocationPlanner(Set.of(AddressFamily.IPV4));
    private final SortedMap<ServiceRef, ServiceClaim> claims = new TreeMap<>();
    private PoolView pool = pool(1, List.of(new BlockView("10.64.0.0/15", "", "")), List.of());

    private LbipamScale() {}

    public static void main(String[] arguments) {
        int services = Samples.option(arguments, "--services", 50_000);
        int rounds = Samples.option(arguments, "--rounds", 15);
        double empty = Samples.heapInUse();
        var cluster = new LbipamScale();
        cluster.addresses(services, rounds);
        cluster.feed(services, rounds);
        Samples.sample("heap, %,d Services".formatted(services), "MB", "objects and plan", Samples.heapInUse() - empty);
        Samples.note("Planning by itself, no API server. A write of a status is a read and an update.");
        cluster.plan();
    }

    private void addresses(int services, int rounds) {
        for (int i = 0; i < services; i++) {
            add(i);
        }
        var metric = "plan addresses, %,d Services".formatted(services);
        var writes = "status writes, %,d Services".formatted(services);
        time(metric, "all at once");
        var plan = plan();
        Samples.sample(writes, "writes", "all at once", apply(plan));
        for (int i = 0; i < rounds; i++) {
            time(metric, "nothing changed");
            add(services + i);
            time(metric, "one Service more");
            Samples.sample(writes, "writes", "one Service more", apply(plan()));
            claims.remove(ref(services + i));
            apply(plan());
            var blocks = new ArrayList<>(List.of(new BlockView("10.64.0.0/15", "", "")));
            if (i % 2 == 0) {
                blocks.add(new BlockView("10.80.0.0/24", "", ""));
            }
            pool = pool(i + 2, blocks, pool.conditions());
            time(metric, "pool edited");
            Samples.sample(writes, "writes", "pool edited", apply(plan()));
        }
    }

    private void feed(int services, int rounds) {
        var slices = new ArrayList<EndpointSliceView>();
        for (int i = 0; i < services; i++) {
            slices.add(slice(i, 1));
        }
        var mapper = new ServiceMapper();
        var metric = "plan the feed, %,d Services, %,d endpoints".formatted(services, 2 * services);
        var last = StateSnapshot.empty();
        for (int i = 0; i < rounds; i++) {
            slices.set(i, slice(i, 2 + i));
            var before = last;
            var next = new ArrayList<StateSnapshot>();
            Samples.sample(metric, "ms", i == 0 ? "the first" : "one endpoint changed", Samples.millis(() -> {
                var inputs = new ServiceInputs(
                        claims.values().stream().map(ServiceClaim::service).toList(), slices);
                var snapshot = mapper.snapshot(new ServicePlanner().plan(inputs), new TreeMap<>());
                next.add(snapshot);
                StateDelta.between(before, snapshot);
            }));
            last = next.getFirst();
        }
    }

    private void time(String metric, String subject) {
        var inputs = inputs();
        Samples.sample(metric, "ms", subject, Samples.millis(() -> planner.plan(inputs)));
    }

    private AllocationInputs inputs() {
        return new AllocationInputs(List.of(pool), new TreeMap<>(), List.copyOf(claims.values()), new TreeMap<>());
    }

    private AllocationPlan plan() {
        return planner.plan(inputs());
    }

    /** As the writers and the watch would. @return how many statuses were written */
    private int apply(AllocationPlan plan) {
        plan.outdatedServices().forEach(ref -> {
            var allocation = plan.services().get(ref);
            claims.computeIfPresent(
                    ref,
                    (_, claim) -> SimulatedCluster.with(
                            claim,
                            allocation.ips(),
                            allocation.condition().stream().toList()));
        });
        plan.outdatedPools()
                .forEach(name -> pool = pool(
                        pool.stamp().generation(),
                        pool.blocks(),
                        plan.pools().get(name).conditions()));
        return plan.outdatedServices().size() + plan.outdatedPools().size();
    }

    private void add(int number) {
        claims.put(
                ref(number),
                SimulatedCluster.claim(
                        ref(number).name(),
                        new ObjectStamp("uid-" + number, Instant.EPOCH.plusSeconds(number), 0),
                        80));
    }

    private static ServiceRef ref(int number) {
        return new ServiceRef("shop", "service-%06d".formatted(number));
    }

    private static EndpointSliceView slice(int number, int version) {
        return new EndpointSliceView(
                ref(number),
                ref(number).name() + "-1",
                "IPv4",
                List.of(new EndpointSliceView.PortView("", "TCP", 8080)),
                List.of(
                        endpoint("10.%d.%d.%d".formatted(100 + number / 62_500, number / 250 % 250, number % 250 + 1)),
                        endpoint("10.%d.%d.%d".formatted(110 + version % 100, number / 250 % 250, number % 250 + 1))));
    }

    private static EndpointView endpoint(String address) {
        return new EndpointView(List.of(address), "w1", true, true, false);
    }

    private static PoolView pool(
            long generation, List<BlockView> blocks, List<dev.kumo.lbipam.model.ConditionView> conditions) {
        return new PoolView(
                "pool",
                new ObjectStamp("pool", Instant.EPOCH, generation),
                blocks,
                new SelectorView(new TreeMap<>(), List.of()),
                false,
                true,
                conditions);
    }
}
