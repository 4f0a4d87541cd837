// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.ItemRef;
import java.util.Comparator;

/** Names one entry of a feed: its table as listed in the feed's {@code .proto}, and its key there. Neither is empty. */
public record ItemKey(String table, String key) implements Comparable<ItemKey> {
    private static final Comparator<ItemKey> ORDER =
            Comparator.comparing(ItemKey::table).thenComparing(ItemKey::key);

    public ItemKey {
        if (table.isEmpty() || key.isEmpty()) {
            throw new IllegalArgumentException("table and key must not be empty: '" + table + "', '" + key + "'");
        }
    }

    public static ItemKey of(ItemRef ref) {
        return new ItemKey(ref.getTable(), ref.getKey());
    }

    public ItemRef toRef() {
        return ItemRef.newBuilder().setTable(table).setKey(key).build();
    }

    @Override
    public int compareTo(ItemKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return table + "/" + key;
    }
}
