// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Named platform threads that end with their owner. */
final class FeedThread {
    private static final long FINISH_SECONDS = 2;

    private FeedThread() {}

    static ScheduledExecutorService named(String name) {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name(name).factory());
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
}
