// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.ItemDecoder;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.node.FeedChange;
import dev.kumo.stream.node.FeedListener;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One feed's way in: decodes what comes and hands it on; the answer is what the managers could not do and what could not be
 * decoded. Knows whether the node holds the whole feed.
 */
public final class FeedInlet implements FeedListener {
    private final FeedMethods feed;
    private final ItemDecoder decoder;
    private final Function<DesiredChange, CompletionStage<List<ItemRefusal>>> next;
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean complete;

    /**
     * @param restored whether an earlier run was in sync and left its state on disk, which stands in for a replica
     * @param next takes one change at a time
     */
    public FeedInlet(
            FeedMethods feed, boolean restored, Function<DesiredChange, CompletionStage<List<ItemRefusal>>> next) {
        this.feed = feed;
        this.decoder = new ItemDecoder(feed);
        this.complete = restored;
        this.next = next;
    }

    public FeedMethods feed() {
        return feed;
    }

    /** Whether the node held all of the feed once, from a replica or from disk. */
    public boolean isComplete() {
        return complete;
    }

    /** How many changes of content have come in since the start, the state on disk counted as one. */
    public long changes() {
        return changes.get();
    }

    @Override
    public CompletionStage<List<ItemRefusal>> apply(FeedChange change) {
        if (!change.isEmpty()) {
            changes.incrementAndGet();
        }
        var decoded = decoder.decode(change.upserts());
        if (change.inSync()) {
            complete = true;
        }
        var desired = new DesiredChange(feed, decoded.entries(), change.removes(), complete);
        return next.apply(desired).thenApply(refusals -> join(decoded.refusals(), refusals));
    }

    private static List<ItemRefusal> join(List<ItemRefusal> first, List<ItemRefusal> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
