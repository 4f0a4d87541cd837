// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.reconcile.MapFailure;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.state.StickyNumbers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rows of map {@code slots} for listeners that frontends lead to. A listener has a number once it could be led to for the first
 * time; it keeps it while anything leads to it, also over restarts. Apply-loop thread only.
 */
final class ListenerSlots {
    static final int FIRST = 1;
    static final int LAST = 16_384;

    private final ReconciledMap<Integer, SlotPort> rows;
    private final StickyNumbers numbers;
    private final StickyNumbers ports;

    /** @param rows loaded with what an earlier process left of them */
    ListenerSlots(ReconciledMap<Integer, SlotPort> rows, StickyNumbers numbers, StickyNumbers ports) {
        this.rows = rows;
        this.numbers = numbers;
        this.ports = ports;
        var left = Map.copyOf(rows.kernel());
        for (var listener : numbers.names()) {
            var row = slotOf(listener).map(left::get);
            row.ifPresent(port -> {
                slotOf(listener).ifPresent(slot -> rows.setDesired(slot, port));
                ports.bind(FeedResources.portName(listener), port.port());
            });
        }
    }

    /** Where the listener may be led to; empty if it never could. */
    Optional<Integer> slotOf(String listener) {
        return numbers.known(listener).map(ListenerPorts::frontendSlot);
    }

    /** Envoy goes by the listener and all that it needs: from now on it may be led to. */
    void ready(String listener) {
        var number = numbers.numberOf(listener);
        var port = ports.known(FeedResources.portName(listener));
        if (number.isPresent() && port.isPresent()) {
            rows.setDesired(ListenerPorts.frontendSlot(number.get()), new SlotPort(port.get()));
        }
    }

    /** The listener goes: what still leads to it is dropped. */
    void gone(String listener) {
        slotOf(listener).ifPresent(rows::removeDesired);
    }

    /** @return what could not be written */
    List<MapFailure<Integer>> apply(Slice slice) {
        numbers.save();
        ports.save();
        return rows.applyUpdates(slice).failures();
    }

    /** Takes rows away that are not wanted, and forgets listeners that nobody leads to or wants to. @param used slots */
    void sweep(Set<String> wanted, Set<Integer> used, Slice slice) {
        var unused = new TreeMap<String, Integer>();
        for (var listener : numbers.names()) {
            slotOf(listener)
                    .filter(slot -> !wanted.contains(listener) && !used.contains(slot))
                    .ifPresent(slot -> unused.put(listener, slot));
        }
        unused.values().forEach(rows::removeDesired);
        rows.applyDeletes(slice);
        unused.forEach((listener, slot) -> {
            if (!rows.kernel().containsKey(slot)) {
                numbers.release(listener);
            }
        });
        numbers.save();
    }

    /** Port of each slot that has a row. */
    Map<Integer, SlotPort> rows() {
        return Map.copyOf(rows.kernel());
    }
}
