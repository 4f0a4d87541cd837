// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Two maps, what is desired and what the kernel holds, and at every moment the keys in which they differ. Each change
 * costs constant time; nothing is ever compared as a whole. Not thread-safe.
 */
public final class DeltaTracker<K, V> {
    private final Map<K, V> desired = new HashMap<>();
    private final Map<K, V> kernel = new HashMap<>();
    private final SequencedSet<K> updates = new LinkedHashSet<>();
    private final SequencedSet<K> deletes = new LinkedHashSet<>();

    public void setDesired(K key, V value) {
        desired.put(key, value);
        judge(key);
    }

    public void removeDesired(K key) {
        desired.remove(key);
        judge(key);
    }

    /** Records that the kernel holds this entry, as read from it or just written to it. */
    public void setKernel(K key, V value) {
        kernel.put(key, value);
        judge(key);
    }

    /** Records that the kernel holds no such entry. */
    public void removeKernel(K key) {
        kernel.remove(key);
        judge(key);
    }

    /** Forgets what the kernel was thought to hold. */
    public void forgetKernel() {
        kernel.clear();
        updates.clear();
        deletes.clear();
        updates.addAll(desired.keySet());
    }

    public Optional<V> desired(K key) {
        return Optional.ofNullable(desired.get(key));
    }

    public Optional<V> kernel(K key) {
        return Optional.ofNullable(kernel.get(key));
    }

    /** A live view. */
    public Map<K, V> desired() {
        return Collections.unmodifiableMap(desired);
    }

    /** A live view. */
    public Map<K, V> kernel() {
        return Collections.unmodifiableMap(kernel);
    }

    /** Desired keys that the kernel lacks or holds with another value, oldest difference first. A live view. */
    public Set<K> pendingUpdates() {
        return Collections.unmodifiableSet(updates);
    }

    /** Keys that the kernel holds and that aren't desired, oldest difference first. A live view. */
    public Set<K> pendingDeletes() {
        return Collections.unmodifiableSet(deletes);
    }

    public boolean isEqual() {
        return updates.isEmpty() && deletes.isEmpty();
    }

    private void judge(K key) {
        var wanted = desired.get(key);
        var held = kernel.get(key);
        settle(updates, key, wanted != null && !wanted.equals(held));
        settle(deletes, key, wanted == null && held != null);
    }

    private static <K> void settle(Set<K> keys, K key, boolean member) {
        if (member) {
            keys.add(key);
        } else {
            keys.remove(key);
        }
    }
}
