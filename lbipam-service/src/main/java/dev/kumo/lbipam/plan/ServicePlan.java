// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.ServiceRef;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the service feed says: Services, their backends, and what could not be done for which Service and why. */
public record ServicePlan(
        SortedMap<ServiceRef, LoadBalancedService> services,
        SortedMap<BackendKey, Backend> backends,
        List<ServiceProblem> problems) {

    public ServicePlan {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        backends = Collections.unmodifiableSortedMap(new TreeMap<>(backends));
        problems = problems.stream().sorted().distinct().toList();
    }
}
