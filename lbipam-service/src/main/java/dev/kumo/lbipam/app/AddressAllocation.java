// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.service.Problem;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.plan.address.AddressFamily;
import dev.kumo.lbipam.plan.address.AllocationInputs;
import dev.kumo.lbipam.plan.address.AllocationPlan;
import dev.kumo.lbipam.plan.address.AllocationPlanner;
import inet.ipaddr.IPAddress;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their addresses. Every replica plans, only the leader writes, and a new leader only after it has listed all
 * Services anew: what its predecessor wrote last may not have come through its watch yet. On the planning thread.
 */
@Singleton
public final class AddressAllocation {
    /** What the kernel half serves. */
    private static final Set<AddressFamily> SERVED = Set.of(AddressFamily.IPV4);

    private final LbipamTables tables;
    private final LeaderGate leader;
    private final ServiceStatusWriter services;
    private final PoolStatusWriter pools;
    private final AddressMetrics metrics;
    private final AllocationPlanner planner = new AllocationPlanner(SERVED);
    private Term term = Term.FOLLOWING;
    private @Nullable Inputs planned;
    private @Nullable AllocationPlan plan;

    private enum Term {
        FOLLOWING,
        ELECTED,
        LISTING,
        LEADING
    }

    /** What a plan depends on; tables give the same object until they change. */
    private record Inputs(
            SortedMap<String, ServiceClaim> services,
            SortedMap<String, PoolView> pools,
            SortedMap<String, String> unreadable,
            SortedMap<ServiceRef, List<IPAddress>> unseen) {
        boolean isSameAs(@Nullable Inputs other) {
            return other != null
                    && services == other.services
                    && pools == other.pools
                    && unreadable.equals(other.unreadable)
                    && unseen.equals(other.unseen);
        }
    }

    AddressAllocation(
            LbipamTables tables,
            LeaderGate leader,
            ServiceStatusWriter services,
            PoolStatusWriter pools,
            AddressMetrics metrics) {
        this.tables = tables;
        this.leader = leader;
        this.services = services;
        this.pools = pools;
        this.metrics = metrics;
    }

    /** @return what cannot be made true */
    List<Problem> run() {
        followLeadership();
        // Versions before rows: what counts as seen is in the rows that are read next.
        var unseen = services.unseen(tables.services().resourceVersion());
        pools.forgetSeen(tables.pools().resourceVersion());
        var inputs = new Inputs(
                tables.services().rows(), tables.pools().rows(), tables.pools().problems(), unseen);
        var current = plan;
        if (current == null || !inputs.isSameAs(planned)) {
            current = planner.plan(new AllocationInputs(
                    List.copyOf(inputs.pools.values()),
                    inputs.unreadable,
                    List.copyOf(inputs.services.values()),
                    inputs.unseen));
            planned = inputs;
            plan = current;
            metrics.show(current);
        }
        if (term == Term.LEADING) {
            write(current);
        }
        return current.problems().stream()
                .map(problem -> new Problem(problem.object(), problem.reason().name(), problem.message()))
                .toList();
    }

    private void write(AllocationPlan current) {
        current.services()
                .forEach((service, allocation) ->
                        services.write(allocation, current.outdatedServices().contains(service)));
        current.pools()
                .forEach((pool, allocation) ->
                        pools.write(allocation, current.outdatedPools().contains(pool)));
    }

    private void followLeadership() {
        if (!leader.leading()) {
            if (term == Term.LEADING) {
                services.cancel();
                pools.cancel();
            }
            term = Term.FOLLOWING;
            return;
        }
        if (term == Term.FOLLOWING) {
            term = Term.ELECTED;
        }
        if (term == Term.ELECTED && tables.services().relist()) {
            term = Term.LISTING;
        }
        if (term == Term.LISTING && !tables.services().relisting()) {
            term = Term.LEADING;
        }
    }
}
