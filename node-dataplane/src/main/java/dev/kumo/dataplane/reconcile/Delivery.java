// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A change on its way through the managers: complete once each of them has made it true or has said what it could not. */
final class Delivery {
    private final Set<ItemKey> items;
    private final Set<Manager> waiting;
    private final Map<ItemKey, ItemRefusal> refusals = new TreeMap<>();
    private final CompletableFuture<List<ItemRefusal>> result;

    Delivery(DesiredChange change, Collection<Manager> managers, CompletableFuture<List<ItemRefusal>> result) {
        this.items = change.upserts().stream().map(Entry::key).collect(Collectors.toUnmodifiableSet());
        this.waiting = new LinkedHashSet<>(managers);
        this.result = result;
    }

    /** Notes the end of a manager's turn. */
    void applied(Manager manager, Applied applied) {
        if (applied instanceof Applied.More || applied instanceof Applied.Later || !waiting.remove(manager)) {
            return;
        }
        switch (applied) {
            case Applied.Done done -> done.refusals().forEach(this::refuse);
            case Applied.Retry retry -> retry.refusals().forEach(this::refuse);
            case Applied.More _, Applied.Later _ -> {}
        }
    }

    /** Notes that a manager broke off: nothing of its tables is known to be in force. */
    void failed(Manager manager, String message) {
        if (waiting.remove(manager)) {
            var tables = manager.tables().stream().map(Table::name).collect(Collectors.toSet());
            items.stream()
                    .filter(key -> tables.contains(key.table()))
                    .forEach(key -> refuse(new ItemRefusal(key, Reason.KERNEL_ERROR, message)));
        }
    }

    /** Whether every manager has answered; completes the result then. */
    boolean finish() {
        if (!waiting.isEmpty()) {
            return false;
        }
        result.complete(List.copyOf(refusals.values()));
        return true;
    }

    private void refuse(ItemRefusal refusal) {
        if (items.contains(refusal.key())) {
            refusals.put(refusal.key(), refusal);
        }
    }
}
