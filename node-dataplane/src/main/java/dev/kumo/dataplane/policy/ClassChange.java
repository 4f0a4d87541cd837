// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps that turn what the kernel holds of a class into what it shall hold. Pure.
 *
 * <p>Entries that match one flow are ordered by how specific they are, and the most specific one is the verdict. So entries
 * are written from the most specific one down: an entry that wins now is the flow's new verdict, or its old one wins still.
 * Then those that are no more wanted go from the least specific one up: what wins is the old verdict until that goes, then the
 * new one. At no moment does an entry win that is neither. Withdrawals come first of all where that is possible: a more
 * specific denial is written before a wider permission.
 *
 * <p>A direction that is no longer enforced is released before its entries go, one that becomes enforced is so only with all
 * of them there. The row with the new revision is last: a connection that is judged again sees the new entries.
 */
final class ClassChange {
    private static final Comparator<PolicyKey> MOST_SPECIFIC_FIRST = Comparator.<PolicyKey, Boolean>comparing(
                    key -> key.identity() == 0)
            .thenComparing(Comparator.comparingInt(PolicyKey::prefixLength).reversed())
            .thenComparingInt(PolicyKey::identity)
            .thenComparingInt(PolicyKey::direction)
            .thenComparingInt(PolicyKey::protocol)
            .thenComparingInt(PolicyKey::port);

    private ClassChange() {}

    /** One change that the kernel makes atomically. */
    sealed interface Step {
        record Write(PolicyKey key, PolicyEntry entry) implements Step {}

        record Remove(PolicyKey key) implements Step {}

        /** A new map with these entries in place of the class's map, if it has one. */
        record Replace(Map<PolicyKey, PolicyEntry> entries) implements Step {}

        /** @param revised with a new revision; else with the one that the row has */
        record Row(int flags, boolean revised) implements Step {}
    }

    /**
     * What the kernel holds of a class.
     *
     * @param row null if there is none, so that nothing passes
     * @param hasMap false if there is no inner map yet
     */
    record Held(@Nullable PolicyClass row, boolean hasMap, Map<PolicyKey, PolicyEntry> entries) {
        static final Held NOTHING = new Held(null, false, Map.of());
    }

    /**
     * What may be done in place.
     *
     * @param capacity entries that a map can hold
     * @param most changed entries; for more a new map is cheaper
     */
    record Limits(int capacity, int most) {}

    static List<Step> steps(Held held, int flags, Map<PolicyKey, PolicyEntry> wanted, Limits limits) {
        var row = held.row();
        if (row != null
                && row.flags() == flags
                && held.hasMap()
                && held.entries().equals(wanted)) {
            return List.of();
        }
        var steps = new ArrayList<Step>();
        if (row != null && (row.flags() & ~flags) != 0) {
            steps.add(new Step.Row(row.flags() & flags, false));
        }
        var writes = wanted.entrySet().stream()
                .filter(entry -> !Objects.equals(held.entries().get(entry.getKey()), entry.getValue()))
                .sorted(Map.Entry.comparingByKey(MOST_SPECIFIC_FIRST))
                .toList();
        var removes = held.entries().keySet().stream()
                .filter(key -> !wanted.containsKey(key))
                .sorted(MOST_SPECIFIC_FIRST.reversed())
                .toList();
        // All that is written stands beside all that is not yet removed.
        boolean fits = wanted.size() + removes.size() <= limits.capacity();
        if (!held.hasMap() || !fits || writes.size() + removes.size() > limits.most()) {
            if (!held.hasMap() || !held.entries().equals(wanted)) {
                steps.add(new Step.Replace(wanted));
            }
        } else {
            writes.forEach(entry -> steps.add(new Step.Write(entry.getKey(), entry.getValue())));
            removes.forEach(key -> steps.add(new Step.Remove(key)));
        }
        steps.add(new Step.Row(flags, true));
        return steps;
    }
}
