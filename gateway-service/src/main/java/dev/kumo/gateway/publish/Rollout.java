// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import java.time.Instant;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** How far one version of a listener has come: the nodes that matter, chosen once, and which of them serve it. Mutable. */
final class Rollout {
    /** Nodes of a large cluster would not fit into a condition. */
    private static final int NAMED = 10;

    private final long hash;
    private final boolean standing;
    private final SortedSet<String> nodes = new TreeSet<>();
    private final SortedSet<String> serving = new TreeSet<>();
    private Instant since;

    /** @param standing whether it was said to be served before this replica began to look */
    Rollout(long hash, boolean standing, Instant since) {
        this.hash = hash;
        this.standing = standing;
        this.since = since;
    }

    boolean isOf(long otherHash) {
        return hash == otherHash;
    }

    boolean standing() {
        return standing;
    }

    /** Time runs from when there was a node that matters; those that come later don't. */
    void choose(Collection<String> candidates, Instant now) {
        if (nodes.isEmpty()) {
            nodes.addAll(candidates);
            since = now;
        }
    }

    /** Nodes that are no longer part of the cluster don't matter. */
    void retain(Collection<String> known) {
        nodes.retainAll(known);
        serving.retainAll(known);
    }

    /** Once is enough: an Envoy that starts anew doesn't take back what was said. */
    void served(String node) {
        if (nodes.contains(node)) {
            serving.add(node);
        }
    }

    SortedSet<String> nodes() {
        return new TreeSet<>(nodes);
    }

    Instant since() {
        return since;
    }

    boolean isBegun() {
        return !serving.isEmpty();
    }

    boolean isComplete() {
        return isBegun() && serving.size() == nodes.size();
    }

    /** Such as {@code 2 of 3 nodes; waiting: w3}. */
    String describe() {
        var waiting = new TreeSet<>(nodes);
        waiting.removeAll(serving);
        if (nodes.isEmpty()) {
            return "no node is connected";
        }
        var text = "%d of %d nodes".formatted(serving.size(), nodes.size());
        if (waiting.isEmpty()) {
            return text;
        }
        var named = String.join(", ", waiting.stream().limit(NAMED).toList());
        int others = waiting.size() - NAMED;
        return text + "; waiting: " + named + (others > 0 ? " and %d more".formatted(others) : "");
    }
}
