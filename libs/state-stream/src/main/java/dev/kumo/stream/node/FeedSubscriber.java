// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.Reason;
import java.time.Instant;

/**
 * A node's subscription to one feed: takes the state kept on disk, dials the replicas in turn, applies what they send and
 * acknowledges it. Any thread; the listener is called on the feed's own thread.
 */
public final class FeedSubscriber implements AutoCloseable {
    private final FeedConnection connection;

    public FeedSubscriber(FeedConnection connection, DesiredStore store, FeedListener listener) {
        this.connection = connection;
    }

    /** Applies the stored state, then subscribes; goes on until {@link #close()}. */
    public void start() {}

    /** The list of replicas may have changed: a waiting attempt is made at once. */
    public void replicasChanged() {}

    /** Until the next in-sync, takes state that is older than what was applied (after an etcd restore). */
    public void acceptOlder() {}

    public FeedStatus status() {
        return new FeedStatus(connection.methods(), null, "", false, Instant.EPOCH, 0, Reason.NO_REPLICA, "");
    }

    /** Told after each change of {@link #status()}, on the feed's thread; must not block. */
    public void onStatus(Runnable listener) {}

    /** Ends the stream and writes what is held to disk. */
    @Override
    public void close() {}
}
