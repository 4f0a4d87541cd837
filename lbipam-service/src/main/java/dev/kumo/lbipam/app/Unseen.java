// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was asked of the API server and has not come back through the watch. Asked by the planning thread, answered by
 * writing threads.
 *
 * @param <K> names the object
 * @param <T> what its status should say
 */
final class Unseen<K, T> {
    /** The version of an object that is gone: seen as soon as the next look is taken. */
    static final long GONE = 1;

    private final Map<K, Entry<T>> entries = new HashMap<>();

    /** @param asked oldest first; writes of all of them may still show */
    private record Entry<T>(List<T> asked, long version) {}

    /**
     * Whether the target has still to be asked for.
     *
     * @param outdated whether the status that was seen says something else
     */
    synchronized boolean isDue(K key, T target, boolean outdated) {
        var entry = entries.get(key);
        return entry == null ? outdated : !entry.asked.getLast().equals(target);
    }

    synchronized void ask(K key, T target) {
        var asked = new ArrayList<T>();
        var before = entries.get(key);
        if (before != null) {
            asked.addAll(before.asked);
        }
        asked.remove(target);
        asked.add(target);
        entries.put(key, new Entry<>(asked, 0));
    }

    /** @param version the object's resourceVersion after the write */
    synchronized void written(K key, T target, long version) {
        var entry = entries.get(key);
        if (entry != null && entry.asked.getLast().equals(target)) {
            entries.put(key, new Entry<>(entry.asked, version));
        }
    }

    /** Forgets what has come back. @param seen the resourceVersion that the table has reached */
    synchronized void forgetSeen(long seen) {
        entries.values().removeIf(entry -> entry.version > 0 && entry.version <= seen);
    }

    synchronized void clear() {
        entries.clear();
    }

    /** What was asked of each object, last first. */
    synchronized Map<K, List<T>> asked() {
        var asked = new HashMap<K, List<T>>();
        entries.forEach((key, entry) -> asked.put(key, List.copyOf(entry.asked.reversed())));
        return asked;
    }
}
