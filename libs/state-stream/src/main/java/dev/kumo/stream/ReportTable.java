// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What nodes say of themselves: a table like any other. A node's last word stands until the node is forgotten, whether it
 * is connected or not. Any thread; listeners are called outside the lock.
 */
public final class ReportTable {
    private final SortedMap<String, SortedMap<ItemKey, StateItem>> byNode = new TreeMap<>();
    private final Map<String, Object> openStreams = new HashMap<>();
    private final Set<String> synced = new TreeSet<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public synchronized SortedMap<String, SortedMap<ItemKey, StateItem>> byNode() {
        var copy = new TreeMap<String, SortedMap<ItemKey, StateItem>>();
        byNode.forEach((node, items) -> copy.put(node, new TreeMap<>(items)));
        return copy;
    }

    /** Nodes that have said anything. */
    public synchronized Set<String> nodes() {
        return new TreeSet<>(byNode.keySet());
    }

    /** One thing that a node has said, as it stands now. */
    public synchronized Optional<StateItem> item(String node, ItemKey key) {
        var items = byNode.get(node);
        return items == null ? Optional.empty() : Optional.ofNullable(items.get(key));
    }

    /** Nodes that have said all they have to say at least once. */
    public synchronized Set<String> synced() {
        return new TreeSet<>(synced);
    }

    public synchronized Set<String> connected() {
        return new TreeSet<>(openStreams.keySet());
    }

    /** A node begins anew: what it doesn't say again before it is in sync is gone by {@link #inSync}. */
    public void opened(String node, Object stream) {
        synchronized (this) {
            openStreams.put(node, stream);
        }
        tell();
    }

    /** Without effect unless {@code stream} is the one that the node opened last; what is said twice is told once. */
    public void changed(String node, Object stream, List<StateItem> upserts, List<ItemKey> removes) {
        var changed = false;
        synchronized (this) {
            if (openStreams.get(node) == stream) {
                var items = byNode.computeIfAbsent(node, _ -> new TreeMap<>());
                for (var key : removes) {
                    changed |= items.remove(key) != null;
                }
                for (var item : upserts) {
                    changed |= !item.equals(items.put(item.key(), item));
                }
            }
        }
        if (changed) {
            tell();
        }
    }

    /** The node has said everything on this stream: {@code said} is all that it holds. */
    public void inSync(String node, Object stream, Set<ItemKey> said) {
        synchronized (this) {
            if (openStreams.get(node) != stream) {
                return;
            }
            byNode.computeIfAbsent(node, _ -> new TreeMap<>()).keySet().retainAll(said);
            synced.add(node);
        }
        tell();
    }

    /** Only the stream that was opened last counts: an old one that ends late says nothing about the node. */
    public void closed(String node, Object stream) {
        synchronized (this) {
            openStreams.remove(node, stream);
        }
        tell();
    }

    /** The node is no longer part of the cluster. */
    public void forget(String node) {
        synchronized (this) {
            byNode.remove(node);
            synced.remove(node);
        }
        tell();
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
