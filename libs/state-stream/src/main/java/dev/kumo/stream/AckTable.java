// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * What each connected node has acknowledged of one feed. Any thread; listeners are called outside the lock, on the thread
 * that brought the change, and must not block.
 */
public final class AckTable {
    private final Map<String, AckSession> nodes = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The nodes with an open subscription, sorted. */
    public synchronized Set<String> connected() {
        return new TreeSet<>(nodes.keySet());
    }

    /** The nodes that have acknowledged all that was served when they connected, sorted. */
    public synchronized Set<String> inSync() {
        var synced = new TreeSet<String>();
        nodes.forEach((node, session) -> {
            if (session.inSync()) {
                synced.add(node);
            }
        });
        return synced;
    }

    /** Whether the node has applied just this content; a node that isn't connected has not. */
    public synchronized boolean applied(String node, ItemKey key, long hash) {
        return ask(node, session -> session.applied(key, hash), false);
    }

    /**
     * Whether the node surely holds nothing under this key: content on its way to the node, or refused by it, counts as
     * held. A node that isn't connected holds nothing that we know of.
     */
    public synchronized boolean absent(String node, ItemKey key) {
        return ask(node, session -> !session.mayHold(key), true);
    }

    /** What the node could not make true, by key; empty for a node that isn't connected. */
    public synchronized Map<ItemKey, Refusal> refusals(String node) {
        var session = nodes.get(node);
        return session == null ? Map.of() : session.refusals();
    }

    /**
     * A subscription begins and takes the place of an earlier one of the same node.
     *
     * @param held what the node says it holds, by content hash; it counts as applied
     */
    public AckSession open(String node, Map<ItemKey, Long> held) {
        var session = new AckSession(this, held);
        synchronized (this) {
            nodes.put(node, session);
        }
        tell();
        return session;
    }

    /** The subscription ended; without effect if a later one of the node has taken its place. */
    public void close(String node, AckSession session) {
        boolean removed;
        synchronized (this) {
            removed = nodes.remove(node, session);
        }
        if (removed) {
            tell();
        }
    }

    void tell() {
        listeners.forEach(Runnable::run);
    }

    private boolean ask(String node, Predicate<AckSession> question, boolean ifNotConnected) {
        var session = nodes.get(node);
        return session == null ? ifNotConnected : question.test(session);
    }
}
