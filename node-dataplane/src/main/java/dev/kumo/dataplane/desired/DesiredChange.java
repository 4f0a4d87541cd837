// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.desired;

import com.google.protobuf.MessageLite;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one feed changed, decoded. Immutable.
 *
 * @param upserts entries with their whole content, in the feed's order
 * @param removes entries that are gone
 * @param inSync whether the node now holds all of the feed (said by a replica, or restored from disk): only then may
 *     rows that no entry asks for be swept from the kernel. It never becomes false again.
 */
public record DesiredChange(FeedMethods feed, List<Entry> upserts, List<ItemKey> removes, boolean inSync) {
    public DesiredChange {
        upserts = List.copyOf(upserts);
        removes = List.copyOf(removes);
    }

    /** An entry and its message, which has the type that the table names. */
    public record Entry(ItemKey key, MessageLite message) {}

    /** The table's new and changed entries by key, in the feed's order. */
    public <T extends MessageLite> Map<String, T> upserts(Table<T> table) {
        var entries = new LinkedHashMap<String, T>();
        for (var entry : upserts) {
            if (entry.key().table().equals(table.name())) {
                entries.put(entry.key().key(), table.type().cast(entry.message()));
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    /** Keys of the table's entries that are gone. */
    public Set<String> removes(Table<?> table) {
        return removes.stream()
                .filter(key -> key.table().equals(table.name()))
                .map(ItemKey::key)
                .collect(Collectors.toUnmodifiableSet());
    }
}
