// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What this node serves and what of the owners' wishes it does not. Immutable, sorted.
 *
 * @param draining backends that keep the connections that they have
 * @param sourceRanges of owners whose LoadBalancer addresses are not open to all
 * @param healthChecks by port
 */
public record FrontendPlan(
        SortedMap<FrontendKey, DesiredFrontend> frontends,
        List<Backend> draining,
        SortedMap<Owner, SortedSet<SourceRange>> sourceRanges,
        SortedMap<Integer, HealthCheck> healthChecks,
        List<Problem> problems) {
    public FrontendPlan {
        var sorted = new TreeMap<FrontendKey, DesiredFrontend>(FrontendTable.KEYS);
        sorted.putAll(frontends);
        frontends = Collections.unmodifiableSortedMap(sorted);
        draining = draining.stream().sorted(DesiredFrontend.BACKENDS).distinct().toList();
        sourceRanges = Collections.unmodifiableSortedMap(new TreeMap<>(sourceRanges));
        healthChecks = Collections.unmodifiableSortedMap(new TreeMap<>(healthChecks));
        problems = problems.stream().sorted().distinct().toList();
    }
}
