// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Kubernetes on named platform threads, never two of the same key at once. The latest write of a key wins over
 * one that waits; one that fails is tried again with back-off until it succeeds, is replaced or is cancelled.
 */
public final class WriteQueue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WriteQueue.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    /** One write; blocks. */
    @FunctionalInterface
    public interface Write {
        void run();
    }

    private final String name;
    private final MeterRegistry metrics;
    private final ScheduledExecutorService threads;
    private final Map<String, Attempt> waiting = new HashMap<>();
    private final Set<String> running = new HashSet<>();

    private record Attempt(Write write, int failures) {}

    public WriteQueue(String name, int parallelism, MeterRegistry metrics) {
        this.name = name;
        this.metrics = metrics;
        this.threads = Executors.newScheduledThreadPool(
                parallelism,
                Thread.ofPlatform().name("writes-" + name + "-", 0).daemon(true).factory());
    }

    public void submit(String key, Write write) {
        synchronized (this) {
            waiting.put(key, new Attempt(write, 0));
        }
        threads.execute(() -> take(key));
    }

    /** Forgets a write that waits; one that runs is not interrupted. */
    public synchronized void cancel(String key) {
        waiting.remove(key);
    }

    /** Forgets all that waits, as a replica does that stops leading. */
    public synchronized void cancelAll() {
        waiting.clear();
    }

    public synchronized boolean isPending(String key) {
        return waiting.containsKey(key) || running.contains(key);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void take(String key) {
        var attempt = begin(key);
        if (attempt == null) {
            return;
        }
        try {
            attempt.write.run();
            count("written");
        } catch (RuntimeException e) {
            retry(key, attempt, e);
        } finally {
            end(key);
        }
    }

    private synchronized @Nullable Attempt begin(String key) {
        if (running.contains(key)) {
            return null;
        }
        var attempt = waiting.remove(key);
        if (attempt != null) {
            running.add(key);
        }
        return attempt;
    }

    private void end(String key) {
        boolean more;
        synchronized (this) {
            running.remove(key);
            more = waiting.containsKey(key) && waiting.get(key).failures == 0;
        }
        if (more) {
            threads.execute(() -> take(key));
        }
    }

    private void retry(String key, Attempt attempt, RuntimeException failure) {
        int failures = attempt.failures + 1;
        var delay = delay(failures);
        count("failed");
        if (failures == 1 || !(failure instanceof KubernetesClientException)) {
            LOG.warnf(
                    failure instanceof KubernetesClientException ? null : failure,
                    "%s: %s: %s; tried again",
                    name,
                    key,
                    failure.getMessage());
        }
        synchronized (this) {
            if (waiting.putIfAbsent(key, new Attempt(attempt.write, failures)) != null) {
                return;
            }
        }
        var _ = threads.schedule(() -> take(key), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Doubles up to the limit; half of it is jitter. */
    private static Duration delay(int failures) {
        long limit = Math.min(LAST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(limit / 2 + ThreadLocalRandom.current().nextLong(limit / 2 + 1));
    }

    private void count(String outcome) {
        metrics.counter("kumo.writes", "queue", name, "outcome", outcome).increment();
    }
}
