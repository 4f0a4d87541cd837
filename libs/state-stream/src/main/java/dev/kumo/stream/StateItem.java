// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.kumo.contract.feed.v1.Item;

/**
 * One entry of desired state.
 *
 * @param hash {@link ContentHash} of {@code value}
 * @param value the serialized message that the table's {@code .proto} names
 */
public record StateItem(ItemKey key, long hash, ByteString value, Audience audience) {
    public static StateItem of(String table, String key, MessageLite message) {
        return of(table, key, message, Audience.everyNode());
    }

    public static StateItem of(String table, String key, MessageLite message, Audience audience) {
        var value = ContentHash.serialize(message);
        return new StateItem(new ItemKey(table, key), ContentHash.of(value), value, audience);
    }

    /** Of an item that came over the wire or from disk; its content must match its hash. */
    public static StateItem received(Item item) {
        if (ContentHash.of(item.getValue()) != item.getHash()) {
            throw new IllegalArgumentException("content of " + item.getTable() + "/" + item.getKey()
                    + " does not match its hash " + Long.toHexString(item.getHash()));
        }
        return new StateItem(
                new ItemKey(item.getTable(), item.getKey()), item.getHash(), item.getValue(), Audience.everyNode());
    }

    public Item toProto() {
        return Item.newBuilder()
                .setTable(key.table())
                .setKey(key.key())
                .setHash(hash)
                .setValue(value)
                .build();
    }
}
