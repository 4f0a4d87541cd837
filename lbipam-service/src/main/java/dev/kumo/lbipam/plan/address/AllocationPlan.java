// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ServiceRef;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the statuses of Services and pools should say. Services that are not named are not ours to speak of.
 *
 * @param outdatedServices of {@code services}, those whose status says something else
 * @param outdatedPools of {@code pools}, likewise
 */
public record AllocationPlan(
        SortedMap<ServiceRef, ServiceAllocation> services,
        Set<ServiceRef> outdatedServices,
        SortedMap<String, PoolAllocation> pools,
        Set<String> outdatedPools,
        List<AddressProblem> problems) {
    public AllocationPlan {
        services = Collections.unmodifiableSortedMap(new TreeMap<>((Map<ServiceRef, ServiceAllocation>) services));
        outdatedServices = Set.copyOf(outdatedServices);
        pools = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, PoolAllocation>) pools));
        outdatedPools = Set.copyOf(outdatedPools);
        problems = problems.stream().sorted().distinct().toList();
    }
}
