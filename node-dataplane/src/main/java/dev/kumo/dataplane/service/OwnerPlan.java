// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** All that one owner asks for on this node, and what of it can't be had. Immutable. */
public record OwnerPlan(
        Owner owner,
        List<DesiredFrontend> frontends,
        SortedSet<SourceRange> sourceRanges,
        Optional<HealthCheck> healthCheck,
        List<Problem> problems) {
    public OwnerPlan {
        frontends = List.copyOf(frontends);
        sourceRanges = Collections.unmodifiableSortedSet(new TreeSet<>(sourceRanges));
        problems = problems.stream().sorted().distinct().toList();
    }
}
