// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Named platform threads that end with their owner. */
final class FeedThread {
    private static final Logger LOG = Logger.getLogger(FeedThread.class);
    private static final long FINISH_SECONDS = 2;

    private FeedThread() {}

    static ScheduledExecutorService named(String name) {
        var executor =
                new LoggingExecutor(Thread.ofPlatform().daemon().name(name).factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Lets what was begun or queued finish, for a while. */
    static void finish(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException _) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** A step that fails is a bug; without this it would pass unseen. */
    private static final class LoggingExecutor extends ScheduledThreadPoolExecutor {
        LoggingExecutor(ThreadFactory threads) {
            super(1, threads);
        }

        @Override
        protected void afterExecute(Runnable step, @Nullable Throwable failure) {
            super.afterExecute(step, failure);
            if (step instanceof Future<?> done && done.state() == Future.State.FAILED) {
                LOG.error("a step of a feed failed", done.exceptionNow());
            }
        }
    }
}
