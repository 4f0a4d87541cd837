// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** The keys whose content or audience differs between two snapshots. */
public record StateDelta(SortedSet<ItemKey> keys) {
    public static StateDelta none() {
        return new StateDelta(Collections.emptySortedSet());
    }

    public static StateDelta between(StateSnapshot before, StateSnapshot after) {
        var changed = new TreeSet<ItemKey>();
        after.items().forEach((key, item) -> {
            var old = before.items().get(key);
            if (old == null || old.hash() != item.hash() || !Objects.equals(old.audience(), item.audience())) {
                changed.add(key);
            }
        });
        before.items().keySet().stream()
                .filter(key -> !after.items().containsKey(key))
                .forEach(changed::add);
        return new StateDelta(Collections.unmodifiableSortedSet(changed));
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }
}
