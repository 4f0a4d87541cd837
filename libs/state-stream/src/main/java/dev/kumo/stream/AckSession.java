// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One subscription's part of an {@link AckTable}: what the node holds, and what is on its way to it. Any thread; the
 * table's lock guards it.
 */
public final class AckSession {
    /** Stands for content that differs from anything that could be served: the node holds something, nobody knows what. */
    public static final long UNKNOWN_CONTENT = 0;

    private final AckTable table;
    private final Map<ItemKey, Long> applied;
    private final Map<ItemKey, Refusal> refused = new HashMap<>();
    private final Deque<SentBatch> outstanding = new ArrayDeque<>();
    private boolean inSync;

    AckSession(AckTable table, Map<ItemKey, Long> held) {
        this.table = table;
        this.applied = new HashMap<>(held);
    }

    /** The batch is about to leave; batches are acknowledged in the order in which they are told here. */
    public void sending(SentBatch batch) {
        synchronized (table) {
            outstanding.addLast(batch);
        }
    }

    /**
     * The node has applied the oldest outstanding batch, but for the entries it names.
     *
     * @return false if another batch, or none, was the oldest one; nothing changes then
     */
    public boolean acknowledged(long sequence, List<Refusal> refusals) {
        synchronized (table) {
            var batch = outstanding.peekFirst();
            if (batch == null || batch.sequence() != sequence) {
                return false;
            }
            outstanding.removeFirst();
            batch.upserts().forEach((key, hash) -> {
                refused.remove(key);
                applied.put(key, hash);
            });
            batch.removes().forEach(key -> {
                refused.remove(key);
                applied.remove(key);
            });
            refusals.forEach(refusal -> {
                var key = ItemKey.of(refusal.getItem());
                if (batch.names(key)) {
                    refused.put(key, refusal);
                    applied.put(key, UNKNOWN_CONTENT);
                }
            });
            inSync |= batch.inSync();
        }
        table.tell();
        return true;
    }

    public int outstanding() {
        synchronized (table) {
            return outstanding.size();
        }
    }

    /** @return the content hash that the node will hold once every outstanding batch is applied; null if nothing */
    public @Nullable Long expected(ItemKey key) {
        synchronized (table) {
            for (var newestFirst = outstanding.descendingIterator(); newestFirst.hasNext(); ) {
                var batch = newestFirst.next();
                if (batch.names(key)) {
                    return batch.upserts().get(key);
                }
            }
            return applied.get(key);
        }
    }

    boolean inSync() {
        return inSync;
    }

    boolean applied(ItemKey key, long hash) {
        return Long.valueOf(hash).equals(applied.get(key));
    }

    boolean mayHold(ItemKey key) {
        return applied.containsKey(key)
                || outstanding.stream().anyMatch(batch -> batch.upserts().containsKey(key));
    }

    Map<ItemKey, Refusal> refusals() {
        return Map.copyOf(refused);
    }
}
