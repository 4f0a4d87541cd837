// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import java.util.Set;

/**
 * Which nodes are there.
 *
 * @param known those of the cluster
 * @param ready those of them that are Ready
 * @param reporting those that report here, whichever replica serves them
 */
public record NodePresence(Set<String> known, Set<String> ready, Set<String> reporting) {
    public NodePresence {
        known = Set.copyOf(known);
        ready = Set.copyOf(ready);
        reporting = Set.copyOf(reporting);
    }
}
