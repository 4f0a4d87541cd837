// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** How far one edit of a policy has come: the nodes that matter, chosen once, and what each has said since. Mutable. */
final class Enforcement {
    private final String uid;
    private final long generation;
    private final SortedSet<String> nodes = new TreeSet<>();
    private final SortedSet<String> applied = new TreeSet<>();
    private Instant since;
    private boolean overruling;

    /** @param overruling whether what the object says was said of an earlier edit, which was seen here */
    Enforcement(String uid, long generation, boolean overruling, Instant since) {
        this.uid = uid;
        this.generation = generation;
        this.overruling = overruling;
        this.since = since;
    }

    boolean isOf(String otherUid) {
        return uid.equals(otherUid);
    }

    boolean isOf(String otherUid, long otherGeneration) {
        return isOf(otherUid) && generation == otherGeneration;
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
        applied.retainAll(known);
    }

    SortedSet<String> nodes() {
        return Collections.unmodifiableSortedSet(nodes);
    }

    Instant since() {
        return since;
    }

    void applied(String node) {
        applied.add(node);
    }

    boolean isWaiting(String node) {
        return !applied.contains(node);
    }

    boolean isBegun() {
        return nodes.stream().anyMatch(node -> !isWaiting(node));
    }

    boolean isComplete() {
        return isBegun() && nodes.stream().noneMatch(this::isWaiting);
    }

    boolean overruling() {
        return overruling;
    }

    /** It was said to be in force: from now on that stands. */
    void settle() {
        overruling = false;
    }

    /** Such as {@code 2 of 3 nodes; waiting: w3}. */
    String describe() {
        var waiting = nodes.stream().filter(this::isWaiting).toList();
        var text = "%d of %d nodes".formatted(nodes.size() - waiting.size(), nodes.size());
        return waiting.isEmpty() ? text : text + "; waiting: " + String.join(", ", waiting);
    }
}
