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
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what the feeds say until the datapath stands, since no manager exists before. The datapath needs this node's own
 * Node item; until the policy feed has brought it, that feed's changes are acknowledged with nothing applied, because the next
 * one may be the one that brings it. Every other change waits. Any thread.
 */
public final class FeedGate {
    private final String node;
    private final CompletableFuture<LocalNode> known = new CompletableFuture<>();
    private final Map<FeedMethods, Held> held = new EnumMap<>(FeedMethods.class);
    private @Nullable Function<DesiredChange, CompletionStage<List<ItemRefusal>>> target;
    private @Nullable LocalNode ownNode;

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

        DesiredChange change(FeedMethods feed) {
            return new DesiredChange(feed, List.copyOf(upserts.values()), List.copyOf(removes), inSync);
        }

        void answer(@Nullable List<ItemRefusal> refusals, @Nullable Throwable failure) {
            for (var result : waiting) {
                if (refusals != null) {
                    result.complete(refusals);
                } else {
                    result.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
                }
            }
        }
    }

    /** The node's own address and pod range as last told; waits until they are known. */
    public LocalNode awaitOwnNode() throws InterruptedException {
        try {
            known.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        synchronized (this) {
            return Objects.requireNonNull(ownNode);
        }
    }

    public CompletionStage<List<ItemRefusal>> pass(DesiredChange change) {
        CompletableFuture<List<ItemRefusal>> result;
        synchronized (this) {
            if (target != null) {
                return target.apply(change);
            }
            var state = held.computeIfAbsent(change.feed(), _ -> new Held());
            state.merge(change);
            var found = ownNodeIn(state);
            if (change.feed() == FeedMethods.POLICY && found == null) {
                return CompletableFuture.completedFuture(List.of());
            }
            result = new CompletableFuture<>();
            state.waiting.add(result);
            if (found != null) {
                ownNode = found;
                known.complete(found);
            }
        }
        return result;
    }

    /**
     * The datapath can't be built: what the policy feed waits for is refused, so that the next change may bring an own Node
     * for which it can. Nothing is forgotten.
     */
    public void refuse(Reason reason, String message) {
        List<CompletableFuture<List<ItemRefusal>>> waiting;
        List<ItemRefusal> refusals;
        synchronized (this) {
            var state = held.get(FeedMethods.POLICY);
            if (state == null) {
                return;
            }
            waiting = List.copyOf(state.waiting);
            state.waiting.clear();
            refusals = state.upserts.keySet().stream()
                    .map(key -> new ItemRefusal(key, reason, message))
                    .toList();
        }
        waiting.forEach(result -> result.complete(refusals));
    }

    /**
     * From now on changes go straight to {@code next}; what was held back goes first, one change a feed.
     *
     * @return completes when that is applied or refused
     */
    public synchronized CompletionStage<Void> open(Function<DesiredChange, CompletionStage<List<ItemRefusal>>> next) {
        target = next;
        var first = new ArrayList<CompletableFuture<?>>();
        held.forEach((feed, state) -> first.add(next.apply(state.change(feed))
                .whenComplete(state::answer)
                .exceptionally(_ -> List.of())
                .toCompletableFuture()));
        held.clear();
        return CompletableFuture.allOf(first.toArray(CompletableFuture[]::new));
    }

    private @Nullable LocalNode ownNodeIn(Held state) {
        var entry = state.upserts.get(Table.NODES.item(node));
        return entry != null && entry.message() instanceof Node own
                ? LocalNode.of(own).orElse(null)
                : null;
    }
}
