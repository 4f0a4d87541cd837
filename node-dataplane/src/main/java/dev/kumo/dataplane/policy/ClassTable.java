// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.InnerMap;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.MapOfMaps;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.policy.ClassChange.Held;
import dev.kumo.dataplane.policy.ClassChange.Limits;
import dev.kumo.dataplane.policy.ClassChange.Step;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The classes that the kernel holds: maps {@code classes} and {@code policies}. What was written is remembered, so that a
 * change costs what it changes. Apply-loop thread only; throws BpfException, after which the same call goes on.
 */
final class ClassTable {
    /** More changed entries than this are filled into a new map. */
    static final int MOST_IN_PLACE = 512;

    private final KernelMap<Integer, PolicyClass> rows;
    private final MapOfMaps<Integer, PolicyKey, PolicyEntry> maps;
    private final LongSupplier clock;
    private final TreeMap<Integer, PolicyClass> heldRows = new TreeMap<>();
    private final TreeMap<Integer, Map<PolicyKey, PolicyEntry>> heldEntries = new TreeMap<>();
    private @Nullable Running running;
    private long revision;

    /** @param clock microseconds since 1970, the floor of revisions, so that none is used again by a later process */
    ClassTable(
            KernelMap<Integer, PolicyClass> rows, MapOfMaps<Integer, PolicyKey, PolicyEntry> maps, LongSupplier clock) {
        this.rows = rows;
        this.maps = maps;
        this.clock = clock;
    }

    /** Reads what an earlier process left. */
    void load() {
        rows.forEach((number, row) -> {
            heldRows.put(number, row);
            revision = Math.max(revision, row.revision());
        });
        for (int number : maps.keys()) {
            maps.open(number).ifPresent(inner -> {
                try (inner) {
                    var entries = new HashMap<PolicyKey, PolicyEntry>();
                    inner.forEach(entries::put);
                    heldEntries.put(number, entries);
                }
            });
        }
    }

    /** Classes of which the kernel holds anything. */
    Set<Integer> numbers() {
        var numbers = new TreeSet<>(heldRows.keySet());
        numbers.addAll(heldEntries.keySet());
        return numbers;
    }

    int capacity() {
        return maps.innerCapacity();
    }

    /** What the kernel holds of a class; a live view. */
    Map<PolicyKey, PolicyEntry> entries(int number) {
        return heldEntries.getOrDefault(number, Map.of());
    }

    /** Slots that any entry names. */
    Set<Integer> slots() {
        var slots = new HashSet<Integer>();
        heldEntries.values().forEach(entries -> entries.values().forEach(entry -> slots.add(entry.slot())));
        return slots;
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
            current = new Running(number, flags, wanted);
            running = current;
        }
        try {
            boolean done = current.run(slice);
            if (done) {
                stop();
            }
            return done;
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /**
     * Gives an identity that no packet has yet just the rules of another, in one class.
     *
     * @param as for each identity the one whose rules it gets
     */
    void inherit(int number, Map<Integer, Integer> as) {
        var entries = entries(number);
        var copies = new HashMap<PolicyKey, PolicyEntry>();
        entries.forEach((key, entry) -> as.forEach((identity, from) -> {
            if (key.identity() == from) {
                copies.put(key.withIdentity(identity), entry);
            }
        }));
        var stale = entries.keySet().stream()
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
        for (int number : List.copyOf(heldEntries.keySet())) {
            var stale = entries(number).keySet().stream()
                    .filter(key -> identities.contains(key.identity()))
                    .toList();
            edit(number, Map.of(), stale);
        }
    }

    /** Takes a class out: whoever is of it may do nothing from then on. */
    void remove(int number) {
        stop();
        rows.delete(number);
        heldRows.remove(number);
        maps.delete(number);
        heldEntries.remove(number);
    }

    private void edit(int number, Map<PolicyKey, PolicyEntry> writes, List<PolicyKey> removes) {
        var held = heldEntries.get(number);
        if (held == null || writes.isEmpty() && removes.isEmpty()) {
            return;
        }
        stop();
        try (var inner = open(number)) {
            writes.forEach((key, entry) -> write(inner, held, key, entry));
            removes.forEach(key -> remove(inner, held, key));
        }
    }

    private InnerMap<PolicyKey, PolicyEntry> open(int number) {
        return maps.open(number).orElseThrow(() -> new IllegalStateException("class " + number + " has lost its map"));
    }

    private static void write(
            InnerMap<PolicyKey, PolicyEntry> inner,
            Map<PolicyKey, PolicyEntry> held,
            PolicyKey key,
            PolicyEntry entry) {
        if (!entry.equals(held.get(key))) {
            inner.update(key, entry);
            held.put(key, entry);
        }
    }

    private static void remove(
            InnerMap<PolicyKey, PolicyEntry> inner, Map<PolicyKey, PolicyEntry> held, PolicyKey key) {
        inner.delete(key);
        held.remove(key);
    }

    private long nextRevision() {
        revision = Math.max(revision + 1, clock.getAsLong());
        return revision;
    }

    private void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /** A change under way. */
    private final class Running {
        private final int number;
        private final int flags;
        private final Map<PolicyKey, PolicyEntry> wanted;
        private final Iterator<Step> steps;
        private @Nullable InnerMap<PolicyKey, PolicyEntry> inner;
        private @Nullable Iterator<Map.Entry<PolicyKey, PolicyEntry>> filling;

        Running(int number, int flags, Map<PolicyKey, PolicyEntry> wanted) {
            this.number = number;
            this.flags = flags;
            this.wanted = wanted;
            var held = new Held(heldRows.get(number), heldEntries.containsKey(number), Map.copyOf(entries(number)));
            steps = ClassChange.steps(held, flags, wanted, new Limits(capacity(), MOST_IN_PLACE))
                    .iterator();
        }

        boolean isFor(int otherNumber, int otherFlags, Map<PolicyKey, PolicyEntry> other) {
            return number == otherNumber && flags == otherFlags && wanted.equals(other);
        }

        boolean run(Slice slice) {
            while (filling != null || steps.hasNext()) {
                if (filling != null) {
                    if (!fill(slice)) {
                        return false;
                    }
                    continue;
                }
                if (slice.isOver()) {
                    return false;
                }
                take(steps.next());
            }
            return true;
        }

        private void take(Step step) {
            switch (step) {
                case Step.Write(var key, var entry) -> write(opened(), held(), key, entry);
                case Step.Remove(var key) -> ClassTable.remove(opened(), held(), key);
                case Step.Replace(var entries) -> {
                    close();
                    inner = maps.create();
                    filling = entries.entrySet().iterator();
                }
                case Step.Row(var to, var revised) -> {
                    var before = heldRows.get(number);
                    var row = new PolicyClass(revised || before == null ? nextRevision() : before.revision(), to);
                    rows.update(number, row);
                    heldRows.put(number, row);
                }
            }
        }

        /** Fills the new map; once it is whole it takes its place. */
        private boolean fill(Slice slice) {
            var target = Objects.requireNonNull(inner);
            var left = Objects.requireNonNull(filling);
            while (left.hasNext()) {
                if (slice.isOver()) {
                    return false;
                }
                var entry = left.next();
                target.update(entry.getKey(), entry.getValue());
            }
            maps.put(number, target);
            heldEntries.put(number, new HashMap<>(wanted));
            filling = null;
            return true;
        }

        private Map<PolicyKey, PolicyEntry> held() {
            return Objects.requireNonNull(heldEntries.get(number));
        }

        private InnerMap<PolicyKey, PolicyEntry> opened() {
            if (inner == null) {
                inner = open(number);
            }
            return inner;
        }

        void close() {
            if (inner != null) {
                inner.close();
                inner = null;
            }
        }
    }
}
