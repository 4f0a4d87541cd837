// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.contract.feed.v1.HeldItem;
import dev.kumo.stream.AckSession;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Hands changes to the listener, one at a time, and keeps what is in force. What was refused stays desired, but is told to
 * replicas as unknown content, so that the next one sends it again. On the feed's thread.
 */
final class Applier {
    private static final Logger LOG = Logger.getLogger(Applier.class);

    private final DesiredStore store;
    private final FeedListener listener;
    private final Executor thread;
    private final TreeSet<ItemKey> refused = new TreeSet<>();

    Applier(DesiredStore store, FeedListener listener, Executor thread) {
        this.store = store;
        this.listener = listener;
        this.thread = thread;
    }

    /** Applies what an earlier run left on disk; that it is nothing is told too if it was all of the feed. */
    void restore(Runnable then) {
        var items = store.items().values();
        if (items.isEmpty() && !store.isComplete()) {
            then.run();
        } else {
            hand(new FeedChange(List.copyOf(items), List.of(), false), Map.of(), _ -> then.run());
        }
    }

    /** What is held, as the hello names it. */
    Collection<HeldItem> held() {
        var held = new TreeMap<ItemKey, Long>();
        store.items().forEach((key, item) -> held.put(key, item.hash()));
        refused.forEach(key -> held.put(key, AckSession.UNKNOWN_CONTENT));
        var list = new ArrayList<HeldItem>();
        held.forEach((key, hash) -> list.add(HeldItem.newBuilder()
                .setTable(key.table())
                .setKey(key.key())
                .setHash(hash)
                .build()));
        return list;
    }

    Map<String, Long> appliedVersions() {
        return store.resourceVersions();
    }

    /** The part of a batch that changes anything here. */
    FeedChange changeOf(List<StateItem> upserts, List<ItemKey> removes, boolean inSync) {
        var changed = new TreeMap<ItemKey, StateItem>();
        for (var item : upserts) {
            var same = store.item(item.key()).filter(held -> held.hash() == item.hash());
            if (same.isEmpty() || refused.contains(item.key())) {
                changed.put(item.key(), item);
            }
        }
        var removed = removes.stream()
                .filter(key -> store.item(key).isPresent() || refused.contains(key))
                .toList();
        return new FeedChange(List.copyOf(changed.values()), removed, inSync);
    }

    /** @param then told, on the feed's thread, what is not in force */
    void apply(FeedChange change, Map<String, Long> versions, Consumer<List<ItemRefusal>> then) {
        if (change.isEmpty() && !change.inSync()) {
            store.commit(change, versions);
            then.accept(List.of());
        } else {
            hand(change, versions, then);
        }
    }

    private void hand(FeedChange change, Map<String, Long> versions, Consumer<List<ItemRefusal>> then) {
        ask(change)
                .whenCompleteAsync(
                        (refusals, failure) -> {
                            var answer = failure == null ? refusals : refuseAll(change, failure);
                            store.commit(change, versions);
                            change.upserts().forEach(item -> refused.remove(item.key()));
                            change.removes().forEach(refused::remove);
                            answer.forEach(refusal -> refused.add(refusal.key()));
                            then.accept(answer);
                        },
                        thread);
    }

    private CompletionStage<List<ItemRefusal>> ask(FeedChange change) {
        try {
            return listener.apply(change);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<ItemRefusal> refuseAll(FeedChange change, Throwable failure) {
        LOG.errorf(
                failure,
                "a change of %d entries failed",
                change.upserts().size() + change.removes().size());
        var refusals = new ArrayList<ItemRefusal>();
        var message = String.valueOf(failure.getMessage());
        change.upserts().forEach(item -> refusals.add(new ItemRefusal(item.key(), Reason.KERNEL_ERROR, message)));
        change.removes().forEach(key -> refusals.add(new ItemRefusal(key, Reason.KERNEL_ERROR, message)));
        return refusals;
    }
}
