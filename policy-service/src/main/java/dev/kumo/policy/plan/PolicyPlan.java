// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.SecurityLabels;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What nodes are told and what is to be written.
 *
 * @param identities by number; those of {@link #unused} are among them
 * @param endpoints by pod UID, no two with the same address
 * @param missing identities that some pod needs and no object allocates: to be created with these numbers
 * @param unused numbers of objects that no pod needs
 */
public record PolicyPlan(
        SortedMap<String, NodeView> nodes,
        SortedMap<Integer, SecurityLabels> identities,
        SortedMap<String, PlannedEndpoint> endpoints,
        SortedMap<Integer, SecurityLabels> missing,
        SortedSet<Integer> unused,
        List<PolicyProblem> problems) {
    public PolicyPlan {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, NodeView>) nodes));
        identities = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Integer, SecurityLabels>) identities));
        endpoints = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, PlannedEndpoint>) endpoints));
        missing = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Integer, SecurityLabels>) missing));
        unused = Collections.unmodifiableSortedSet(new TreeSet<>(unused));
        problems = problems.stream().sorted().distinct().toList();
    }
}
