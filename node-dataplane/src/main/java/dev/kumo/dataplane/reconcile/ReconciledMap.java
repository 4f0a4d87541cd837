// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.link.LinkException;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A kernel map that is made equal to desired entries. Writes and deletions are separate steps, since a referrer's
 * deletion comes between its referent's update and deletion. An entry that fails stays pending and is tried again by the
 * next pass. Apply-loop thread only, except {@link #name} and {@link #pending}.
 */
public final class ReconciledMap<K, V> {
    private final KernelMap<K, V> map;
    private final DeltaTracker<K, V> tracker = new DeltaTracker<>();
    private final Map<K, MapFailure<K>> failedUpdates = new LinkedHashMap<>();
    private final Map<K, MapFailure<K>> failedDeletes = new LinkedHashMap<>();
    private volatile int pending;

    public ReconciledMap(KernelMap<K, V> map) {
        this.map = map;
    }

    public String name() {
        return map.name();
    }

    /** Reads what the kernel holds: entries that nobody has set as desired become pending deletions. */
    public void load() {
        tracker.forgetKernel();
        map.forEach(tracker::setKernel);
        count();
    }

    public void setDesired(K key, V value) {
        tracker.setDesired(key, value);
        failedUpdates.remove(key);
        count();
    }

    public void removeDesired(K key) {
        tracker.removeDesired(key);
        failedDeletes.remove(key);
        count();
    }

    public Optional<V> desired(K key) {
        return tracker.desired(key);
    }

    /** What is desired; a live view. */
    public Map<K, V> desired() {
        return tracker.desired();
    }

    /** What the kernel holds, as far as it was read or written here; a live view. */
    public Map<K, V> kernel() {
        return tracker.kernel();
    }

    public Set<K> pendingUpdates() {
        return tracker.pendingUpdates();
    }

    public Set<K> pendingDeletes() {
        return tracker.pendingDeletes();
    }

    /** Number of entries that differ. Any thread. */
    public int pending() {
        return pending;
    }

    /** Writes pending entries until all were tried or the slice is over. */
    public MapPass<K> applyUpdates(Slice slice) {
        return pass(slice, tracker.pendingUpdates(), failedUpdates, "update", this::write);
    }

    /** Deletes entries that aren't desired until all were tried or the slice is over. */
    public MapPass<K> applyDeletes(Slice slice) {
        return pass(slice, tracker.pendingDeletes(), failedDeletes, "delete", this::drop);
    }

    private void write(K key) {
        var value = tracker.desired(key).orElseThrow();
        map.update(key, value);
        tracker.setKernel(key, value);
    }

    private void drop(K key) {
        map.delete(key);
        tracker.removeKernel(key);
    }

    /** Writes or deletes one entry now, whatever else is pending; nothing happens if it doesn't differ. */
    public Optional<MapFailure<K>> applyNow(K key) {
        try {
            if (tracker.pendingUpdates().contains(key)) {
                write(key);
            } else if (tracker.pendingDeletes().contains(key)) {
                drop(key);
            }
            return Optional.empty();
        } catch (BpfException e) {
            return Optional.of(new MapFailure<>(key, e.reason(), describe("change", key, e)));
        } finally {
            count();
        }
    }

    private interface Step<K> {
        void take(K key);
    }

    private MapPass<K> pass(Slice slice, Set<K> keys, Map<K, MapFailure<K>> failed, String operation, Step<K> step) {
        failed.keySet().retainAll(keys);
        for (var key : List.copyOf(keys)) {
            if (failed.containsKey(key)) {
                continue;
            }
            if (slice.isOver()) {
                count();
                return new MapPass<>(false, List.of());
            }
            try {
                step.take(key);
            } catch (BpfException e) {
                failed.put(key, new MapFailure<>(key, e.reason(), describe(operation, key, e)));
            } catch (LinkException e) {
                failed.put(key, new MapFailure<>(key, e.reason(), String.valueOf(e.getMessage())));
            }
        }
        count();
        var failures = new ArrayList<>(failed.values());
        failed.clear();
        return new MapPass<>(true, failures);
    }

    private String describe(String operation, K key, BpfException e) {
        return e.reason() == Reason.MAP_FULL
                ? operation + " " + map.name() + " " + key + ": no room (" + map.capacity() + " entries)"
                : operation + " " + map.name() + " " + key + ": " + e.getMessage();
    }

    private void count() {
        pending = tracker.pendingUpdates().size() + tracker.pendingDeletes().size();
    }
}
