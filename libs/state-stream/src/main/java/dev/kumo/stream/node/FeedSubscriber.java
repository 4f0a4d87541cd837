// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.Reason;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A node's subscription to one feed: takes the state kept on disk, dials the replicas in turn, applies what they send and
 * acknowledges it. A replica that fails, is stale or isn't synced is left for the next one at once; after each full round
 * there is a pause of 250 ms, growing to 5 s. Any thread; the listener is called on the feed's own thread.
 */
public final class FeedSubscriber implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeedSubscriber.class);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long MAX_PAUSE_MILLIS = 5000;
    private static final long CLOSE_SECONDS = 2;
    private static final long WRITE_DELAY_MILLIS = 500;

    private final FeedConnection connection;
    private final DesiredStore store;
    private final Applier applier;
    private final ScheduledExecutorService thread;
    private final ScheduledExecutorService disk;
    private final Backoff backoff = new Backoff(FIRST_PAUSE_MILLIS, MAX_PAUSE_MILLIS, RandomGenerator.getDefault());
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable SubscribeStream stream;
    private @Nullable Future<?> pause;
    private int next;
    private int failuresInRound;
    private @Nullable Runnable whenEnded;
    private volatile boolean acceptOlder;
    private volatile FeedStatus status;

    public FeedSubscriber(FeedConnection connection, DesiredStore store, FeedListener listener) {
        this.connection = connection;
        this.store = store;
        this.thread = FeedThread.named("feed-" + connection.methods().feed());
        this.disk = FeedThread.named("feed-" + connection.methods().feed() + "-disk");
        this.applier = new Applier(store, listener, thread);
        this.status = new FeedStatus(
                connection.methods(),
                null,
                "",
                false,
                Instant.now(),
                store.size(),
                store.problem().orElse(null),
                "");
        // Replicas share the nodes between them, and a restarted node comes back to the same one.
        this.next = Math.floorMod(connection.node().hashCode(), 1 << 16);
    }

    /** Applies the stored state, then subscribes; goes on until {@link #close()}. */
    public void start() {
        thread.execute(() -> applier.restore(this::connect));
        disk.execute(this::write);
    }

    /** The list of replicas may have changed: an attempt that waits is made at once. */
    public void replicasChanged() {
        run(() -> {
            if (pause != null && pause.cancel(false)) {
                failuresInRound = 0;
                connect();
            }
        });
    }

    /** Until the next in-sync, takes state that is older than what was applied (after an etcd restore). */
    public void acceptOlder() {
        acceptOlder = true;
        replicasChanged();
    }

    public FeedStatus status() {
        return status;
    }

    /** Told after each change of {@link #status()}, on the feed's thread; must not block. */
    public void onStatus(Runnable listener) {
        listeners.add(listener);
    }

    /** Ends the stream and writes what is held to disk. */
    @Override
    public void close() {
        var ended = new CompletableFuture<Void>();
        run(() -> {
            whenEnded = () -> ended.complete(null);
            if (stream == null) {
                whenEnded.run();
            } else {
                stream.cancel();
            }
        });
        try {
            ended.completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS).join();
        } finally {
            FeedThread.finish(thread);
            FeedThread.finish(disk);
            store.flush();
        }
    }

    /** A large feed is written less often: the disk is busy with it a twentieth of the time at most. */
    private void write() {
        var begin = System.nanoTime();
        store.flush();
        var pause = Math.max(TimeUnit.MILLISECONDS.toNanos(WRITE_DELAY_MILLIS), 20 * (System.nanoTime() - begin));
        disk.schedule(this::write, pause, TimeUnit.NANOSECONDS);
    }

    private void connect() {
        pause = null;
        if (whenEnded != null || stream != null) {
            return;
        }
        var addresses = connection.known();
        if (addresses.isEmpty()) {
            tell(null, "", false, Reason.NO_REPLICA, "no address of " + connection.authority() + " is known");
            waitAndConnect();
            return;
        }
        var address = addresses.get(Math.floorMod(next, addresses.size()));
        stream = new SubscribeStream(connection, address, thread, applier, this);
        stream.open(acceptOlder);
    }

    /** The replica has answered: its first batch is applied. */
    void served(InetSocketAddress address, String replica, boolean inSync) {
        if (inSync) {
            acceptOlder = false;
            failuresInRound = 0;
            tell(address, replica, true, null, "");
        } else {
            tell(address, replica, status.inSync(), status.lastError(), status.message());
        }
    }

    /** The stream is over and nothing of it is still being applied. */
    void ended(Reason reason, String message, boolean wasStable) {
        stream = null;
        if (whenEnded != null) {
            whenEnded.run();
            return;
        }
        next++;
        failuresInRound++;
        if (wasStable) {
            backoff.reset();
            failuresInRound = 0;
        }
        if (status.lastError() != reason) {
            LOG.infof("feed %s: %s %s", connection.methods().feed(), reason, message);
        }
        tell(null, "", false, reason, message);
        if (failuresInRound < Math.max(1, connection.known().size())) {
            connect();
        } else {
            waitAndConnect();
        }
    }

    private void waitAndConnect() {
        failuresInRound = 0;
        pause = thread.schedule(this::connect, backoff.nextMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell(
            @Nullable InetSocketAddress address,
            String replica,
            boolean inSync,
            @Nullable Reason reason,
            String message) {
        var before = status;
        var moved = inSync != before.inSync() || !Objects.equals(address, before.address());
        status = new FeedStatus(
                connection.methods(),
                address,
                replica,
                inSync,
                moved ? Instant.now() : before.since(),
                store.size(),
                reason,
                message);
        if (!status.equals(before)) {
            listeners.forEach(Runnable::run);
        }
    }

    private void run(Runnable step) {
        try {
            thread.execute(step);
        } catch (RejectedExecutionException _) {
            LOG.debugf("feed %s: is closed", connection.methods().feed());
        }
    }
}
