// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import java.util.Set;

/**
 * Which nodes are there.
 *
 * @param known those of the cluster
 * @param candidates those that a change waits for: Ready, and reporting to us
 */
public record NodePresence(Set<String> known, Set<String> candidates) {
    public NodePresence {
        known = Set.copyOf(known);
        candidates = Set.copyOf(candidates);
    }
}
