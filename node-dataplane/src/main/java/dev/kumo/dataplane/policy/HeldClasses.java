// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.InnerMap;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.policy.ClassChange.Held;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * What the kernel holds of classes, remembered as it was read and written, and the single writes by which it changes.
 * Apply-loop thread only; throws BpfException.
 */
final class HeldClasses {
    private final PolicyMaps maps;
    private final LongSupplier clock;
    private final TreeMap<Integer, PolicyClass> rows = new TreeMap<>();
    private final TreeMap<Integer, Map<PolicyKey, PolicyEntry>> entries = new TreeMap<>();
    private long revision;

    /**
     * Reads what an earlier process left.
     *
     * @param clock microseconds since 1970, the floor of revisions, so that none is used again by a later process
     */
    HeldClasses(PolicyMaps maps, LongSupplier clock) {
        this.maps = maps;
        this.clock = clock;
        maps.classes().forEach((number, row) -> {
            rows.put(number, row);
            revision = Math.max(revision, row.revision());
        });
        for (int number : maps.policies().keys()) {
            maps.policies().open(number).ifPresent(inner -> {
                try (inner) {
                    var found = new HashMap<PolicyKey, PolicyEntry>();
                    inner.forEach(found::put);
                    entries.put(number, found);
                }
            });
        }
    }

    /** Entries that a class can have. */
    int capacity() {
        return maps.policies().innerCapacity();
    }

    /** Classes of which the kernel holds anything. */
    Set<Integer> numbers() {
        var numbers = new TreeSet<>(rows.keySet());
        numbers.addAll(entries.keySet());
        return numbers;
    }

    boolean hasMap(int number) {
        return entries.containsKey(number);
    }

    /** A live view. */
    Map<PolicyKey, PolicyEntry> entries(int number) {
        return Collections.unmodifiableMap(entries.getOrDefault(number, Map.of()));
    }

    /** As it is now. */
    Held of(int number) {
        return new Held(rows.get(number), hasMap(number), Map.copyOf(entries(number)));
    }

    /** Slots that any entry names. */
    Set<Integer> slots() {
        var slots = new HashSet<Integer>();
        entries.values().forEach(ofClass -> ofClass.values().forEach(entry -> slots.add(entry.slot())));
        return slots;
    }

    /** A new map, of no class yet. */
    InnerMap<PolicyKey, PolicyEntry> create() {
        return maps.policies().create();
    }

    /** The class's map, to be closed by the caller. */
    InnerMap<PolicyKey, PolicyEntry> open(int number) {
        return maps.policies()
                .open(number)
                .orElseThrow(() -> new IllegalStateException("class " + number + " has lost its map"));
    }

    void write(InnerMap<PolicyKey, PolicyEntry> map, int number, PolicyKey key, PolicyEntry entry) {
        var held = Objects.requireNonNull(entries.get(number));
        if (!entry.equals(held.get(key))) {
            map.update(key, entry);
            held.put(key, entry);
        }
    }

    void remove(InnerMap<PolicyKey, PolicyEntry> map, int number, PolicyKey key) {
        map.delete(key);
        Objects.requireNonNull(entries.get(number)).remove(key);
    }

    /** Gives the class a map in place of its own. */
    void put(int number, InnerMap<PolicyKey, PolicyEntry> map, Map<PolicyKey, PolicyEntry> content) {
        maps.policies().put(number, map);
        entries.put(number, new HashMap<>(content));
    }

    /** @param revised whether connections that are open are judged again */
    void writeRow(int number, int flags, boolean revised) {
        var before = rows.get(number);
        var row = new PolicyClass(revised || before == null ? nextRevision() : before.revision(), flags);
        maps.classes().update(number, row);
        rows.put(number, row);
    }

    /** The row first: who is of the class has no network from then on. */
    void delete(int number) {
        maps.classes().delete(number);
        rows.remove(number);
        maps.policies().delete(number);
        entries.remove(number);
    }

    private long nextRevision() {
        revision = Math.max(revision + 1, clock.getAsLong());
        return revision;
    }
}
