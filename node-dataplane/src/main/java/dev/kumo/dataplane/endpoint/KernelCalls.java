// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.stream.Reason;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs kernel work on the apply loop and waits for it. Not to be called on the loop itself. */
final class KernelCalls {
    private static final long PATIENCE_SECONDS = 30;

    private final ApplyLoop loop;

    KernelCalls(ApplyLoop loop) {
        this.loop = loop;
    }

    /** @throws EndpointException what the work threw, or KERNEL_ERROR if the loop doesn't get to it */
    <T> T call(Priority priority, Callable<T> work) {
        try {
            return loop.run(priority, work).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw EndpointException.of(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new EndpointException(
                    Reason.KERNEL_ERROR, "the apply loop didn't answer within %d s".formatted(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndpointException(Reason.DISCONNECTED, "the dataplane is stopping");
        }
    }

    void run(Priority priority, Runnable work) {
        call(priority, () -> {
            work.run();
            return true;
        });
    }
}
