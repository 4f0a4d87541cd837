// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** What each connected node has acknowledged of one feed. Any thread; listeners are called outside the lock. */
public final class AckTable {
    private final Map<String, NodeAcks> nodes = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private static final class NodeAcks {
        final Map<ItemKey, Long> applied = new HashMap<>();
        final Map<ItemKey, Refusal> refused = new HashMap<>();
        boolean inSync;
    }

    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The nodes with an open subscription, sorted. */
    public synchronized Set<String> connected() {
        return new TreeSet<>(nodes.keySet());
    }

    public synchronized Set<String> inSync() {
        var synced = new TreeSet<String>();
        nodes.forEach((node, acks) -> {
            if (acks.inSync) {
                synced.add(node);
            }
        });
        return synced;
    }

    /** Whether the node has applied just this content; a node that isn't connected has not. */
    public synchronized boolean applied(String node, ItemKey key, long hash) {
        var acks = nodes.get(node);
        return acks != null && Long.valueOf(hash).equals(acks.applied.get(key));
    }

    /** Whether the node holds nothing under this key; a node that isn't connected holds nothing that we know of. */
    public synchronized boolean absent(String node, ItemKey key) {
        var acks = nodes.get(node);
        return acks == null || !acks.applied.containsKey(key);
    }

    public synchronized Map<ItemKey, Refusal> refusals(String node) {
        var acks = nodes.get(node);
        return acks == null ? Map.of() : Map.copyOf(acks.refused);
    }

    /** A subscription begins; what the node says it holds counts as applied. */
    public void connected(String node, Map<ItemKey, Long> held) {
        synchronized (this) {
            var acks = new NodeAcks();
            acks.applied.putAll(held);
            nodes.put(node, acks);
        }
        tell();
    }

    /** A batch was acknowledged: null as hash stands for a removal. */
    public void acknowledged(String node, Map<ItemKey, Long> hashes, List<Refusal> refusals, boolean inSync) {
        synchronized (this) {
            var acks = nodes.get(node);
            if (acks == null) {
                return;
            }
            hashes.forEach((key, hash) -> {
                acks.refused.remove(key);
                if (hash == null) {
                    acks.applied.remove(key);
                } else {
                    acks.applied.put(key, hash);
                }
            });
            refusals.forEach(refusal -> {
                var key = ItemKey.of(refusal.getItem());
                acks.applied.remove(key);
                acks.refused.put(key, refusal);
            });
            acks.inSync |= inSync;
        }
        tell();
    }

    public void disconnected(String node) {
        synchronized (this) {
            nodes.remove(node);
        }
        tell();
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
