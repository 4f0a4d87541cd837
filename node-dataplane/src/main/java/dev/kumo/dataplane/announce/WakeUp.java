// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Runs one thing at the time last asked for, on the platform thread {@code announcement-clock}. Any thread. */
public final class WakeUp implements LongConsumer, AutoCloseable {
    private final Runnable wake;
    private final ScheduledExecutorService thread;
    private @Nullable ScheduledFuture<?> pending;

    public WakeUp(Runnable wake) {
        this.wake = wake;
        var executor = new ScheduledThreadPoolExecutor(
                1,
                work -> Thread.ofPlatform()
                        .name("announcement-clock")
                        .daemon(true)
                        .unstarted(work));
        executor.setRemoveOnCancelPolicy(true);
        thread = executor;
    }

    /** In so many milliseconds, and not at the time asked for before. */
    @Override
    public synchronized void accept(long millis) {
        if (pending != null) {
            pending.cancel(false);
        }
        try {
            pending = thread.schedule(wake, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            pending = null; // closed
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
