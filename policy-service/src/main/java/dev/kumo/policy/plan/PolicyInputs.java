// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.model.Claim;
import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that the policy feed is planned from; lists in any order.
 *
 * @param inForce the endpoints of the plan before, by pod UID: a pod that is gone keeps its identity while its node reports
 *     it, and one whose new identity isn't seen yet keeps the old
 */
public record PolicyInputs(
        List<NodeView> nodes,
        List<NamespaceView> namespaces,
        List<PodView> pods,
        List<IdentityView> identities,
        List<Claim> claims,
        SortedMap<String, PlannedEndpoint> inForce) {
    public PolicyInputs {
        nodes = List.copyOf(nodes);
        namespaces = List.copyOf(namespaces);
        pods = List.copyOf(pods);
        identities = List.copyOf(identities);
        claims = List.copyOf(claims);
        inForce = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, PlannedEndpoint>) inForce));
    }
}
