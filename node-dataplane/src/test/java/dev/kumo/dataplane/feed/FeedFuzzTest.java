// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.contract.feed.v1.Item;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

class FeedFuzzTest {
    /** The bytes of a batch, as a replica that has gone wrong may send them: each item is handed on or refused by its key. */
    @FuzzTest
    void aBatchOfAnyBytesIsTakenOrRefused(FuzzedDataProvider data) {
        var feed = data.pickValue(FeedMethods.values());
        List<StateItem> items;
        try {
            var batch = Batch.parseFrom(data.consumeRemainingAsBytes());
            items = batch.getUpsertsList().stream()
                    .map(FeedFuzzTest::withItsHash)
                    .map(StateItem::received)
                    .toList();
        } catch (InvalidProtocolBufferException | IllegalArgumentException _) {
            return; // The stream refuses the whole batch and leaves the replica.
        }
        var taken = new ArrayList<DesiredChange>();
        var inlet = new FeedInlet(feed, false, change -> {
            taken.add(change);
            return CompletableFuture.completedFuture(List.of());
        });
        var refusals = inlet.apply(new FeedChange(items, List.of(), false))
                .toCompletableFuture()
                .join();
        assertThat(taken).hasSize(1);
        assertThat(refusals).allMatch(refusal -> !refusal.message().isBlank());
        assertThat(Stream.concat(
                        refusals.stream().map(ItemRefusal::key),
                        taken.getFirst().upserts().stream().map(DesiredChange.Entry::key)))
                .containsExactlyInAnyOrderElementsOf(
                        items.stream().map(StateItem::key).toList());
    }

    /** No fuzzer finds a SHA-256. */
    private static Item withItsHash(Item item) {
        return item.toBuilder().setHash(ContentHash.of(item.getValue())).build();
    }
}
