// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The classes that the kernel holds: maps {@code classes} and {@code policies}. A change costs what it changes.
 * Apply-loop thread only; throws BpfException, after which the same call goes on from where it was.
 */
final class ClassTable {
    /** More changed entries than this are filled into a new map. */
    static final int MOST_IN_PLACE = 512;

    private final HeldClasses held;
    private @Nullable ClassWrite running;

    /** As {@link HeldClasses#HeldClasses}. */
    ClassTable(PolicyMaps maps, LongSupplier clock) {
        held = new HeldClasses(maps, clock);
    }

    /** Classes of which the kernel holds anything. */
    Set<Integer> numbers() {
        return held.numbers();
    }

    int capacity() {
        return held.capacity();
    }

    /** What the kernel holds of a class; a live view. */
    Map<PolicyKey, PolicyEntry> entries(int number) {
        return held.entries(number);
    }

    /** Slots that any entry names. */
    Set<Integer> slots() {
        return held.slots();
    }

    /**
     * Makes a class what is wanted.
     *
     * @return false if the slice was over first; the same call goes on
     */
    boolean bring(int number, int flags, Map<PolicyKey, PolicyEntry> wanted, Slice slice) {
        var current = running;
        if (current == null || !current.isFor(number, flags, wanted)) {
            stop();
            current = new ClassWrite(held, number, flags, wanted, MOST_IN_PLACE);
            running = current;
        }
        boolean done = false;
        boolean failed = true;
        try {
            done = current.run(slice);
            failed = false;
            return done;
        } finally {
            if (done || failed) {
                stop();
            }
        }
    }

    /**
     * Gives an identity that no packet has yet just the rules of another, in one class.
     *
     * @param as for each identity the one whose rules it gets
     */
    void inherit(int number, Map<Integer, Integer> as) {
        var copies = new HashMap<PolicyKey, PolicyEntry>();
        entries(number)
                .forEach((key, entry) -> as.forEach((identity, from) -> {
                    if (key.identity() == from) {
                        copies.put(key.withIdentity(identity), entry);
                    }
                }));
        var stale = entries(number).keySet().stream()
                .filter(key -> as.containsKey(key.identity()) && !copies.containsKey(key))
                .toList();
        edit(number, copies, stale);
    }

    /** How many entries {@link #inherit} would add at most. */
    int inheritance(int number, Map<Integer, Integer> as) {
        var sizes = new HashMap<Integer, Integer>();
        entries(number).keySet().forEach(key -> sizes.merge(key.identity(), 1, Integer::sum));
        return as.values().stream()
                .mapToInt(from -> sizes.getOrDefault(from, 0))
                .sum();
    }

    /** Drops the rules of identities that no packet has any more, in all classes. */
    void forget(Set<Integer> identities) {
        for (int number : numbers()) {
            var stale = entries(number).keySet().stream()
                    .filter(key -> identities.contains(key.identity()))
                    .toList();
            edit(number, Map.of(), stale);
        }
    }

    /** Takes a class out: whoever is of it may do nothing from then on. */
    void remove(int number) {
        stop();
        held.delete(number);
    }

    private void edit(int number, Map<PolicyKey, PolicyEntry> writes, List<PolicyKey> removes) {
        if (!held.hasMap(number) || writes.isEmpty() && removes.isEmpty()) {
            return;
        }
        stop();
        try (var map = held.open(number)) {
            writes.forEach((key, entry) -> held.write(map, number, key, entry));
            removes.forEach(key -> held.remove(map, number, key));
        }
    }

    private void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }
}
