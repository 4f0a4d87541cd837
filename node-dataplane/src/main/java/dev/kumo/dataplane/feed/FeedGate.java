// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import dev.kumo.contract.policy.v1.Node;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what the feeds say until the datapath stands, since no manager exists before. The datapath needs this node's own
 * Node item; until the policy feed has brought it, that feed's changes are acknowledged with nothing applied, because the next
 * one may be the one that brings it. Every other change waits. Any thread.
 */
public final class FeedGate {
    private final String node;
    private final CompletableFuture<LocalNode> ownNode = new CompletableFuture<>();
    private final Map<FeedMethods, Held> held = new EnumMap<>(FeedMethods.class);
    private @Nullable Function<DesiredChange, CompletionStage<List<ItemRefusal>>> target;

    /** @param node this node's name */
    public FeedGate(String node) {
        this.node = node;
    }

    /** All that a feed has said so far, as one change, and who waits for it to be in force. */
    private static final class Held {
        final Map<ItemKey, Entry> upserts = new TreeMap<>();
        final Set<ItemKey> removes = new TreeSet<>();
        final List<CompletableFuture<List<ItemRefusal>>> waiting = new ArrayList<>();
        boolean inSync;

        void merge(DesiredChange change) {
            for (var entry : change.upserts()) {
                upserts.put(entry.key(), entry);
                removes.remove(entry.key());
            }
            for (var key : change.removes()) {
                upserts.remove(key);
                removes.add(key);
            }
            inSync = change.inSync();
        }
    }

    /** Completes once the node's own address and pod range are known. */
    public CompletionStage<LocalNode> ownNode() {
        return ownNode;
    }

    public CompletionStage<List<ItemRefusal>> pass(DesiredChange change) {
        CompletableFuture<List<ItemRefusal>> result;
        LocalNode found;
        synchronized (this) {
            if (target != null) {
                return target.apply(change);
            }
            var state = held.computeIfAbsent(change.feed(), _ -> new Held());
            state.merge(change);
            found = ownNodeIn(state);
            if (change.feed() == FeedMethods.POLICY && found == null) {
                return CompletableFuture.completedFuture(List.of());
            }
            result = new CompletableFuture<>();
            state.waiting.add(result);
        }
        if (found != null) {
            ownNode.complete(found);
        }
        return result;
    }

    /** From now on changes go straight to {@code next}; what was held back goes first, one change a feed. */
    public synchronized void open(Function<DesiredChange, CompletionStage<List<ItemRefusal>>> next) {
        target = next;
        held.forEach((feed, state) -> {
            var change = new DesiredChange(
                    feed, List.copyOf(state.upserts.values()), List.copyOf(state.removes), state.inSync);
            var _ = next.apply(change).whenComplete((refusals, failure) -> {
                for (var result : state.waiting) {
                    if (failure == null) {
                        result.complete(refusals);
                    } else {
                        result.completeExceptionally(failure);
                    }
                }
            });
        });
        held.clear();
    }

    private @Nullable LocalNode ownNodeIn(Held state) {
        var entry = state.upserts.get(Table.NODES.item(node));
        return entry != null && entry.message() instanceof Node own
                ? LocalNode.of(own).orElse(null)
                : null;
    }
}
