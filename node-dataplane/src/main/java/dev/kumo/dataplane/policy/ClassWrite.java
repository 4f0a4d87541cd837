// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.InnerMap;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.policy.ClassChange.Limits;
import dev.kumo.dataplane.policy.ClassChange.Step;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A change of one class under way, over as many slices as it takes. Apply-loop thread only; throws BpfException. */
final class ClassWrite implements AutoCloseable {
    private final HeldClasses held;
    private final int number;
    private final int flags;
    private final Map<PolicyKey, PolicyEntry> wanted;
    private final Iterator<Step> steps;
    private @Nullable InnerMap<PolicyKey, PolicyEntry> map;
    private @Nullable Iterator<Map.Entry<PolicyKey, PolicyEntry>> filling;

    /** @param most changed entries that are written in place */
    ClassWrite(HeldClasses held, int number, int flags, Map<PolicyKey, PolicyEntry> wanted, int most) {
        this.held = held;
        this.number = number;
        this.flags = flags;
        this.wanted = wanted;
        this.steps = ClassChange.steps(held.of(number), flags, wanted, new Limits(held.capacity(), most))
                .iterator();
    }

    boolean isFor(int otherNumber, int otherFlags, Map<PolicyKey, PolicyEntry> other) {
        return number == otherNumber && flags == otherFlags && wanted.equals(other);
    }

    /** @return false if the slice was over first */
    boolean run(Slice slice) {
        while (filling != null || steps.hasNext()) {
            if (slice.isOver()) {
                return false;
            }
            if (filling != null) {
                fill(filling, slice);
            } else {
                take(steps.next());
            }
        }
        return true;
    }

    /** What was not finished stays undone. */
    @Override
    public void close() {
        if (map != null) {
            map.close();
            map = null;
        }
    }

    private void take(Step step) {
        switch (step) {
            case Step.Write(var key, var entry) -> held.write(opened(), number, key, entry);
            case Step.Remove(var key) -> held.remove(opened(), number, key);
            case Step.Replace(var entries) -> {
                close();
                map = held.create();
                filling = entries.entrySet().iterator();
            }
            case Step.Row(var to, var revised) -> held.writeRow(number, to, revised);
        }
    }

    /** Fills the new map; once it is whole it takes its place. */
    private void fill(Iterator<Map.Entry<PolicyKey, PolicyEntry>> left, Slice slice) {
        var target = Objects.requireNonNull(map);
        while (left.hasNext()) {
            var entry = left.next();
            target.update(entry.getKey(), entry.getValue());
            if (slice.isOver()) {
                return;
            }
        }
        held.put(number, target, wanted);
        filling = null;
    }

    private InnerMap<PolicyKey, PolicyEntry> opened() {
        if (map == null) {
            map = held.open(number);
        }
        return map;
    }
}
