// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemRefusal;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Makes a feed's desired state true. */
@FunctionalInterface
public interface FeedListener {
    /**
     * Called with one change at a time, in order: the next comes after the returned stage has completed. The first change
     * after a start is the state kept on disk (not in sync). Called on the feed's own thread; must not block.
     *
     * @return completes when the change is in force, with the entries that are not; only then is it acknowledged. A failed
     *     stage counts as a refusal of every entry
     */
    CompletionStage<List<ItemRefusal>> apply(FeedChange change);
}
