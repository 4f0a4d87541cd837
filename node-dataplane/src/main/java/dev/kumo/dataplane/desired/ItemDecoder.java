// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.desired;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.List;

/** Decodes a feed's items one by one: one that is bad is refused, and the node goes on with what it had under that key. */
public final class ItemDecoder {
    private final FeedMethods feed;

    public ItemDecoder(FeedMethods feed) {
        this.feed = feed;
    }

    /** @param refusals of items whose table is unknown (UNSUPPORTED) or whose content is bad (MALFORMED) */
    public record Decoded(List<Entry> entries, List<ItemRefusal> refusals) {}

    public Decoded decode(List<StateItem> items) {
        var entries = new ArrayList<Entry>();
        var refusals = new ArrayList<ItemRefusal>();
        for (var item : items) {
            var table = Table.of(feed, item.key().table());
            if (table.isEmpty()) {
                refusals.add(new ItemRefusal(item.key(), Reason.UNSUPPORTED, "no such table in feed " + feed.feed()));
                continue;
            }
            try {
                var message = table.get().parser().parseFrom(item.value());
                ItemCheck.check(item.key().key(), message);
                entries.add(new Entry(item.key(), message));
            } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
                refusals.add(new ItemRefusal(item.key(), Reason.MALFORMED, String.valueOf(e.getMessage())));
            }
        }
        return new Decoded(List.copyOf(entries), List.copyOf(refusals));
    }
}
