// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The world as it is once everything that a plan says was written and seen. */
final class Applied {
    private Applied() {}

    static AllocationInputs to(AllocationInputs inputs, AllocationPlan plan) {
        return new AllocationInputs(
                inputs.pools().stream().map(pool -> pool(pool, plan)).toList(),
                inputs.unreadable(),
                inputs.services().stream().map(claim -> claim(claim, plan)).toList(),
                new TreeMap<>());
    }

    private static PoolView pool(PoolView pool, AllocationPlan plan) {
        return new PoolView(
                pool.name(),
                pool.stamp(),
                pool.blocks(),
                pool.selector(),
                pool.disabled(),
                pool.firstAndLast(),
                merged(pool.conditions(), plan.pools().get(pool.name()).conditions(), Conditions.OF_POOL));
    }

    private static ServiceClaim claim(ServiceClaim claim, AllocationPlan plan) {
        var allocation = plan.services().get(claim.service().ref());
        if (allocation == null) {
            return claim;
        }
        return new ServiceClaim(
                holding(claim.service(), allocation.ips()),
                claim.stamp(),
                claim.request(),
                claim.labels(),
                claim.selector(),
                merged(claim.conditions(), allocation.condition().stream().toList(), Set.of(Conditions.SATISFIED)));
    }

    static ServiceView holding(ServiceView view, List<String> ips) {
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
                view.annotations());
    }

    private static List<ConditionView> merged(
            List<ConditionView> present, List<ConditionView> wanted, Set<String> ours) {
        var merged = new ArrayList<>(present.stream()
                .filter(condition -> !ours.contains(condition.type()))
                .toList());
        merged.addAll(wanted);
        return merged;
    }
}
