// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.model.AddressRequest;
import dev.kumo.lbipam.model.ConditionView;
import dev.kumo.lbipam.model.ObjectStamp;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.model.ServiceView;
import dev.kumo.lbipam.model.ServiceView.PortView;
import dev.kumo.lbipam.plan.address.AddressFamily;
import dev.kumo.lbipam.plan.address.AllocationInputs;
import dev.kumo.lbipam.plan.address.AllocationPlan;
import dev.kumo.lbipam.plan.address.AllocationPlanner;
import dev.kumo.lbipam.plan.address.ServiceAllocation;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** An API server, a watch that lags behind it, and a leader whose writes take their time. */
final class SimulatedCluster {
    final SortedMap<ServiceRef, ServiceClaim> services = new TreeMap<>();
    final SortedMap<String, PoolView> pools = new TreeMap<>();
    private final SortedMap<ServiceRef, ServiceClaim> watched = new TreeMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final SortedMap<ServiceRef, ServiceAllocation> writes = new TreeMap<>();
    private final AllocationPlanner planner = new AllocationPlanner(Set.of(AddressFamily.IPV4));
    private final Random random;
    private Unseen<ServiceRef, ServiceAllocation> unseen = new Unseen<>();
    private long version = 100;
    private long seen = 100;

    /** @param claim null if the Service is gone */
    private record Event(long version, ServiceRef service, ServiceClaim claim) {}

    SimulatedCluster(Random random) {
        this.random = random;
    }

    void store(ServiceClaim claim) {
        services.put(claim.service().ref(), claim);
        events.add(new Event(++version, claim.service().ref(), claim));
    }

    void delete(ServiceRef service) {
        services.remove(service);
        events.add(new Event(++version, service, null));
    }

    void deliver() {
        for (int i = random.nextInt(3); i > 0 && !events.isEmpty(); i--) {
            var event = events.remove();
            seen = event.version();
            if (event.claim() == null) {
                watched.remove(event.service());
            } else {
                watched.put(event.service(), event.claim());
            }
        }
    }

    /** Another replica takes over: it lists anew and knows of no write that is under way. */
    void electAnother() {
        writes.clear();
        unseen = new Unseen<>();
        events.clear();
        watched.clear();
        watched.putAll(services);
        seen = version;
    }

    AllocationInputs inputs() {
        unseen.forgetSeen(seen);
        return new AllocationInputs(
                List.copyOf(pools.values()), new TreeMap<>(), shuffled(watched), ServiceStatusWriter.addresses(unseen));
    }

    AllocationPlan plan() {
        var plan = planner.plan(inputs());
        plan.services().forEach((service, allocation) -> {
            if (unseen.isDue(service, allocation, plan.outdatedServices().contains(service))) {
                unseen.ask(service, allocation);
                writes.put(service, allocation);
            }
        });
        return plan;
    }

    /** @return the Service whose status was written, if there was something to write */
    ServiceRef landOne() {
        if (writes.isEmpty()) {
            return null;
        }
        var service = List.copyOf(writes.keySet()).get(random.nextInt(writes.size()));
        var allocation = writes.remove(service);
        var claim = services.get(service);
        if (claim == null || !claim.stamp().uid().equals(allocation.uid())) {
            unseen.written(service, allocation, Unseen.GONE);
            return null;
        }
        store(with(claim, allocation.ips(), allocation.condition().stream().toList()));
        unseen.written(service, allocation, version);
        return service;
    }

    /** Until nothing is on its way. */
    AllocationPlan settle() {
        var plan = plan();
        for (int i = 0; i < 10_000 && !(writes.isEmpty() && events.isEmpty()); i++) {
            landOne();
            deliver();
            plan = plan();
        }
        return plan;
    }

    private <K> List<ServiceClaim> shuffled(Map<K, ServiceClaim> claims) {
        var list = new ArrayList<>(claims.values());
        Collections.shuffle(list, random);
        return list;
    }

    static ServiceClaim with(ServiceClaim claim, List<String> ips, List<ConditionView> conditions) {
        return new ServiceClaim(
                view(claim.service(), ips, claim.service().annotations()),
                claim.stamp(),
                claim.request(),
                claim.labels(),
                claim.selector(),
                conditions);
    }

    static ServiceClaim asking(ServiceClaim claim, SortedMap<String, String> labels, SortedMap<String, String> notes) {
        return new ServiceClaim(
                view(claim.service(), claim.service().loadBalancerIps(), notes),
                claim.stamp(),
                claim.request(),
                labels,
                claim.selector(),
                claim.conditions());
    }

    static ServiceClaim claim(String name, ObjectStamp stamp, int port) {
        return new ServiceClaim(
                new ServiceView(
                        new ServiceRef("shop", name),
                        "LoadBalancer",
                        List.of("10.96.0.9"),
                        List.of(),
                        List.of(),
                        List.of(new PortView("", "TCP", port, 0)),
                        "Cluster",
                        "Cluster",
                        0,
                        0,
                        List.of(),
                        new TreeMap<>()),
                stamp,
                new AddressRequest("", "", List.of("IPv4"), "SingleStack"),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of());
    }

    static ObjectStamp stamp(long second) {
        return new ObjectStamp("u" + second, Instant.EPOCH.plusSeconds(second / 3), 1);
    }

    private static ServiceView view(ServiceView view, List<String> ips, SortedMap<String, String> notes) {
        return new ServiceView(
                view.ref(),
                view.type(),
                view.clusterIps(),
                view.externalIps(),
                ips,
                view.ports(),
                view.internalTrafficPolicy(),
                view.externalTrafficPolicy(),
                view.healthCheckNodePort(),
                view.affinityTimeoutSeconds(),
                view.sourceRanges(),
                notes);
    }
}
