// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A node's reports on one feed, told to every replica: all of them after each connect, then changes. Equal content is told
 * once. Any thread; what is sent and heard runs on a thread of its own.
 */
public final class ReportSender implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReportSender.class);
    private static final long LOOK_SECONDS = 1;

    private final FeedConnection connection;
    private final ReportListener listener;
    private final ScheduledExecutorService thread;
    private final SortedMap<ItemKey, StateItem> items = new TreeMap<>();
    private final Map<InetSocketAddress, ReportStream> streams = new HashMap<>();

    public ReportSender(FeedConnection connection, ReportListener listener) {
        this.connection = connection;
        this.listener = listener;
        this.thread = FeedThread.named("report-" + connection.methods().feed());
    }

    /** To be called once everything that is known at start has been put: replicas take what they hear first as complete. */
    public void start() {
        thread.scheduleWithFixedDelay(this::dial, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** What the node now says under the item's key; without effect if it says just this already. */
    public void put(StateItem item) {
        run(() -> {
            var before = items.put(item.key(), item);
            if (before == null || before.hash() != item.hash()) {
                changed(item.key());
            }
        });
    }

    /** The node no longer says anything under this key. */
    public void remove(ItemKey key) {
        run(() -> {
            if (items.remove(key) != null) {
                changed(key);
            }
        });
    }

    /** The list of replicas may have changed: those that are not connected are dialled at once. */
    public void replicasChanged() {
        run(() -> {
            streams.values().forEach(ReportStream::retryNow);
            dial();
        });
    }

    @Override
    public void close() {
        run(() -> {
            streams.values().forEach(ReportStream::close);
            streams.clear();
        });
        FeedThread.finish(thread);
    }

    /** On the reports' thread: what is said now. */
    SortedMap<ItemKey, StateItem> items() {
        return Collections.unmodifiableSortedMap(items);
    }

    private void dial() {
        var known = connection.known();
        streams.entrySet()
                .removeIf(entry ->
                        !known.contains(entry.getKey()) && entry.getValue().isIdle());
        known.forEach(address -> streams.computeIfAbsent(
                        address, _ -> new ReportStream(connection, address, thread, this, listener))
                .openIfDue());
    }

    private void changed(ItemKey key) {
        streams.values().forEach(stream -> stream.changed(key));
    }

    private void run(Runnable step) {
        try {
            thread.execute(step);
        } catch (RejectedExecutionException _) {
            LOG.debugf("reports of feed %s: closed", connection.methods().feed());
        }
    }
}
