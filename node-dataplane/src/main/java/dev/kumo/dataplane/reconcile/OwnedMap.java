// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A reconciled map whose rows belong to feed items. Where several items ask for the same key the first of them in order has
 * its way, whatever the order in which they came; when it goes, the next one has. Apply-loop thread only.
 */
public final class OwnedMap<K, V> {
    private final ReconciledMap<K, V> map;
    private final Comparator<ItemKey> order;
    private final Map<ItemKey, Set<K>> keys = new HashMap<>();
    private final Map<K, SortedMap<ItemKey, V>> claims = new HashMap<>();

    public OwnedMap(ReconciledMap<K, V> map, Comparator<ItemKey> order) {
        this.map = map;
        this.order = order;
    }

    /** What the item asks for, in place of what it asked for before. */
    public void set(ItemKey owner, Map<K, V> rows) {
        var touched = new LinkedHashSet<>(keys.getOrDefault(owner, Set.of()));
        touched.addAll(rows.keySet());
        if (rows.isEmpty()) {
            keys.remove(owner);
        } else {
            keys.put(owner, Set.copyOf(rows.keySet()));
        }
        for (var key : touched) {
            claim(owner, key, rows);
        }
    }

    public void remove(ItemKey owner) {
        set(owner, Map.of());
    }

    /** Writes or deletes one row now, whatever else is pending. */
    public Optional<MapFailure<K>> applyNow(K key) {
        return map.applyNow(key);
    }

    /**
     * Writes, then deletes.
     *
     * @param sweep whether rows that nobody asks for may go
     */
    public Applied apply(Slice slice, boolean sweep) {
        var updates = map.applyUpdates(slice);
        if (!updates.complete()) {
            return Applied.more();
        }
        var failures = new ArrayList<>(updates.failures());
        if (sweep) {
            var deletes = map.applyDeletes(slice);
            if (!deletes.complete()) {
                return Applied.more();
            }
            failures.addAll(deletes.failures());
        }
        if (failures.isEmpty()) {
            return Applied.done();
        }
        return Applied.retry(
                refusals(failures),
                failures.size() + " rows, first: " + failures.getFirst().message());
    }

    private void claim(ItemKey owner, K key, Map<K, V> rows) {
        var claimants = claims.computeIfAbsent(key, _ -> new TreeMap<>(order));
        var row = rows.get(key);
        if (row == null) {
            claimants.remove(owner);
        } else {
            claimants.put(owner, row);
        }
        if (claimants.isEmpty()) {
            claims.remove(key);
            map.removeDesired(key);
        } else {
            map.setDesired(key, claimants.firstEntry().getValue());
        }
    }

    private List<ItemRefusal> refusals(List<MapFailure<K>> failures) {
        return failures.stream()
                .flatMap(failure -> claims.getOrDefault(failure.key(), new TreeMap<>()).keySet().stream()
                        .map(failure::refuse))
                .toList();
    }
}
