// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;

/**
 * A node's reports on one feed, told to every replica: all of them after each connect, then changes. Equal content is told
 * once. Any thread.
 */
public final class ReportSender implements AutoCloseable {
    public ReportSender(FeedConnection connection, ReportListener listener) {}

    /** To be called once everything that is known at start has been put: replicas take what they hear first as complete. */
    public void start() {}

    /** What the node now says under the item's key; without effect if it says just this already. */
    public void put(StateItem item) {}

    /** The node no longer says anything under this key. */
    public void remove(ItemKey key) {}

    /** The list of replicas may have changed. */
    public void replicasChanged() {}

    @Override
    public void close() {}
}
