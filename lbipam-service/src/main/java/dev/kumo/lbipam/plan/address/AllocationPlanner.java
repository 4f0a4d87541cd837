// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Plans which Service has which LoadBalancer address, as Cilium's LB IPAM does: what a Service's status shows stays as long
 * as a pool that selects the Service contains it and the Service wants it. Of Services that cannot have one address together
 * the oldest keeps it.
 *
 * <p>Without any pool, Services that were never ours are left to others. Stateless; any thread.
 */
public final class AllocationPlanner {
    private final Set<AddressFamily> served;
    private final PoolPlanner poolPlanner;
    private final PoolCounting counting;
    private final RequestReading reading;

    /** @param served families that nodes serve; of others no address is given */
    public AllocationPlanner(Set<AddressFamily> served) {
        this.served = Set.copyOf(served);
        this.poolPlanner = new PoolPlanner(served);
        this.counting = new PoolCounting(this.served);
        this.reading = new RequestReading(this.served);
    }

    public AllocationPlan plan(AllocationInputs inputs) {
        var pools = poolPlanner.plan(inputs.pools());
        var ledger = new Ledger();
        inputs.services()
                .forEach(claim -> held(claim, inputs)
                        .forEach(address -> ledger.show(address, claim.service().ref())));
        boolean dormant = pools.isEmpty() && inputs.unreadable().isEmpty();
        var grants = inputs.services().stream()
                .filter(claim -> RequestReading.isOurs(claim) && !(dormant && wasNeverOurs(claim)))
                .map(reading::read)
                .sorted(ServiceRequest.AGE)
                .map(Grant::new)
                .toList();
        var granting = new Granting(pools, ledger, served, !inputs.unreadable().isEmpty());
        grants.forEach(grant -> granting.keep(grant, held(grant.request.claim(), inputs)));
        grants.forEach(granting::giveNamed);
        grants.forEach(granting::giveAny);
        return new Outcome(inputs, pools, grants).plan(ledger.used());
    }

    private static boolean wasNeverOurs(ServiceClaim claim) {
        return claim.conditions().stream()
                .noneMatch(condition -> condition.type().equals(Conditions.SATISFIED));
    }

    private static Set<IPAddress> held(ServiceClaim claim, AllocationInputs inputs) {
        var held = new LinkedHashSet<IPAddress>();
        claim.service()
                .loadBalancerIps()
                .forEach(text -> AddressText.address(text).ifPresent(held::add));
        held.addAll(inputs.unseen().getOrDefault(claim.service().ref(), List.of()));
        return held;
    }

    /** Puts together what was granted and compares it with what the objects' statuses say. */
    private final class Outcome {
        private final AllocationInputs inputs;
        private final List<Pool> pools;
        private final List<Grant> grants;
        private final SortedMap<ServiceRef, ServiceAllocation> services = new TreeMap<>();
        private final Set<ServiceRef> outdated = new HashSet<>();
        private final List<AddressProblem> problems = new ArrayList<>();

        Outcome(AllocationInputs inputs, List<Pool> pools, List<Grant> grants) {
            this.inputs = inputs;
            this.pools = pools;
            this.grants = grants;
        }

        AllocationPlan plan(Set<IPAddress> used) {
            grants.forEach(this::add);
            inputs.services().forEach(this::addIfNotOurs);
            var counted = new TreeMap<String, PoolAllocation>();
            var outdatedPools = new HashSet<String>();
            for (var pool : pools) {
                var allocation = counting.count(pool, used);
                counted.put(pool.name(), allocation);
                var standing = pool.view().conditions().stream()
                        .filter(condition -> Conditions.OF_POOL.contains(condition.type()))
                        .collect(Collectors.toSet());
                if (!standing.equals(Set.copyOf(allocation.conditions()))) {
                    outdatedPools.add(pool.name());
                }
                addProblems(pool);
            }
            inputs.unreadable()
                    .forEach((name, why) ->
                            problems.add(new AddressProblem(object(name), AddressReason.UNREADABLE, why)));
            return new AllocationPlan(services, outdated, counted, outdatedPools, problems);
        }

        private void add(Grant grant) {
            var allocation = grant.allocation();
            put(
                    allocation,
                    grant.request.condition().equals(allocation.condition())
                            && grant.request.claim().service().loadBalancerIps().equals(allocation.ips()));
            if (!grant.isSatisfied()) {
                grant.refusals.forEach(refusal -> problems.add(
                        new AddressProblem("Service " + grant.request.ref(), refusal.reason(), refusal.message())));
            }
        }

        /** What was ours is handed on clean. */
        private void addIfNotOurs(ServiceClaim claim) {
            if (RequestReading.isOurs(claim)) {
                return;
            }
            var ref = claim.service().ref();
            if (!wasNeverOurs(claim)) {
                put(new ServiceAllocation(ref, claim.stamp().uid(), List.of(), Optional.empty()), false);
            }
            if (RequestReading.hasUnsupportedClass(claim)) {
                problems.add(new AddressProblem(
                        "Service " + ref,
                        AddressReason.CLASS_UNSUPPORTED,
                        "loadBalancerClass %s is not done here; leave it out or use io.cilium/l2-announcer"
                                .formatted(claim.request().loadBalancerClass())));
            }
        }

        private void put(ServiceAllocation allocation, boolean stands) {
            services.put(allocation.service(), allocation);
            if (!stands) {
                outdated.add(allocation.service());
            }
        }

        private void addProblems(Pool pool) {
            pool.conflict()
                    .ifPresent(why ->
                            problems.add(new AddressProblem(object(pool.name()), AddressReason.CIDR_OVERLAP, why)));
            pool.faults()
                    .forEach(fault ->
                            problems.add(new AddressProblem(object(pool.name()), fault.reason(), fault.message())));
        }

        private static String object(String pool) {
            return "CiliumLoadBalancerIPPool " + pool;
        }
    }
}
