// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import dev.kumo.policy.model.rule.NamedPort;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of a core/v1 Pod that decides its identity and what rules mean for it.
 *
 * @param node where it is bound; empty while it isn't
 * @param labels those that count for identities ({@link LabelFilter})
 * @param ended whether all its containers have ended for good
 * @param address {@code status.podIP}; empty if it has none yet
 * @param namedPorts of its containers, those among the init containers that go on running included
 */
public record PodView(
        String uid,
        String namespace,
        String name,
        String node,
        String serviceAccount,
        SortedMap<String, String> labels,
        boolean hostNetwork,
        boolean ended,
        String address,
        SortedSet<NamedPort> namedPorts) {
    public PodView {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) labels));
        namedPorts = Collections.unmodifiableSortedSet(new TreeSet<>((Collection<NamedPort>) namedPorts));
    }

    /** Whether it lives in our network: bound to a node and not in that node's own network. */
    public boolean isNetworked() {
        return !hostNetwork && !node.isEmpty();
    }

    /** Whether it may have an address of this node's range; one whose binding isn't seen yet may. */
    public boolean mayRunOn(String candidate) {
        return !hostNetwork && (node.isEmpty() || node.equals(candidate));
    }
}
