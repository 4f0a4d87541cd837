// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.testkit.fuzz.MutatedCases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Items of a feed that are nearly right, in what they say or in their bytes. Immutable. */
public final class MutatedItems {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MutatedCases cases;
    private final Map<String, Message> types;

    /**
     * @param items right ones, in order
     * @param types the messages of their tables
     */
    public MutatedItems(Map<ItemKey, ? extends Message> items, Map<String, Message> types) {
        this.cases = new MutatedCases(
                List.of(items.entrySet().stream()
                        .map(item -> object(item.getKey(), item.getValue()))
                        .toList()),
                _ -> true);
        this.types = types;
    }

    private static ObjectNode object(ItemKey key, Message value) {
        try {
            var object = JSON.createObjectNode().put("table", key.table()).put("key", key.key());
            return object.set("value", JSON.readTree(JsonFormat.printer().print(value)));
        } catch (JsonProcessingException | InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keys differ. */
    public List<StateItem> some(FuzzedDataProvider data) {
        var items = new TreeMap<ItemKey, StateItem>();
        cases.objects(data).forEach(object -> item(object, data).ifPresent(item -> items.put(item.key(), item)));
        return List.copyOf(items.values());
    }

    /** Empty if JSON can't say it; bytes can. */
    private Optional<StateItem> item(ObjectNode object, FuzzedDataProvider data) {
        var table = object.path("table").asText();
        var key = object.path("key").asText();
        if (table.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        var builder =
                types.getOrDefault(table, types.values().iterator().next()).newBuilderForType();
        try {
            JsonFormat.parser()
                    .ignoringUnknownFields()
                    .merge(object.path("value").toString(), builder);
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
        var value = bytes(builder.build().toByteArray(), data);
        return Optional.of(new StateItem(new ItemKey(table, key), ContentHash.of(value), value, Audience.everyNode()));
    }

    /** Once in a while one byte is another, or all of them. */
    private static ByteString bytes(byte[] right, FuzzedDataProvider data) {
        switch (data.consumeInt(0, 15)) {
            case 1 -> {
                return ByteString.copyFrom(data.consumeBytes(64));
            }
            case 2, 3 -> {
                if (right.length > 0) {
                    right[data.consumeInt(0, right.length - 1)] = data.consumeByte();
                }
            }
            default -> {}
        }
        return ByteString.copyFrom(right);
    }
}
