// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that one owner asks for on this node, and what of it can't be had. Immutable.
 *
 * @param draining endpoints that terminate and still serve: whoever is connected stays, whether or not a frontend names them
 */
public record OwnerPlan(
        Owner owner,
        List<DesiredFrontend> frontends,
        Set<Backend> draining,
        SortedSet<SourceRange> sourceRanges,
        Optional<HealthCheck> healthCheck,
        List<Problem> problems) {
    public OwnerPlan {
        frontends = List.copyOf(frontends);
        draining = Set.copyOf(draining);
        sourceRanges = Collections.unmodifiableSortedSet(new TreeSet<>(sourceRanges));
        problems = problems.stream().sorted().distinct().toList();
    }
}
