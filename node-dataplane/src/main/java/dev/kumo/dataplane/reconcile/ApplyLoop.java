// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.stream.ItemRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The one thread that touches the kernel. What feeds say is handed to managers first, since that costs nothing; then the
 * most urgent of callers' work and managers' slices runs, again and again, until nothing is left. A failed manager is
 * tried again after {@link Backoff}; a change of its feeds tries it at once. Public methods may be called on any thread.
 */
public final class ApplyLoop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ApplyLoop.class);
    private static final Duration SLICE = Duration.ofMillis(5);
    /** The loop beats at least this often, also when idle. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** Work of others: changes and registrations come before all priorities. */
    private record Work(int rank, long order, Runnable run) {}

    private static final int FIRST = -1;

    private final PriorityBlockingQueue<Work> queue =
            new PriorityBlockingQueue<>(16, Comparator.comparingInt(Work::rank).thenComparingLong(Work::order));
    private final AtomicLong orders = new AtomicLong();
    private final Turns turns;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final ApplyListener listener;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long lastBeat = System.nanoTime();

    public ApplyLoop(ApplyListener listener) {
        this(listener, Backoff.STANDARD);
    }

    ApplyLoop(ApplyListener listener, Backoff backoff) {
        this.listener = listener;
        this.turns = new Turns(backoff);
        this.thread = Thread.ofPlatform().name("apply-loop").daemon(true).unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /** Registers a manager; it has its first turn at once, and sees only changes that are delivered later. */
    public void add(Manager manager) {
        submit(FIRST, () -> turns.add(manager));
    }

    /** Gives the manager a turn, for news that no feed brought. */
    public void wake(Manager manager) {
        submit(FIRST, () -> turns.wake(manager));
    }

    /** Hands a change to the managers of its feed; completes when they have applied it, with what they could not. */
    public CompletionStage<List<ItemRefusal>> deliver(DesiredChange change) {
        var result = new CompletableFuture<List<ItemRefusal>>();
        submit(FIRST, () -> take(change, result));
        return result;
    }

    /** Runs work of CNI on the loop's thread. */
    public <T> CompletionStage<T> run(Callable<T> work) {
        return run(Priority.CNI, work);
    }

    /** Runs work on the loop's thread, no later than managers of that priority. It should last a few milliseconds. */
    public <T> CompletionStage<T> run(Priority priority, Callable<T> work) {
        var result = new CompletableFuture<T>();
        submit(priority.ordinal(), () -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** What failed at its last try, by manager's name. A try whose refusals are empty failed for more than single items. */
    public Map<String, Applied.Retry> failing() {
        return turns.failing();
    }

    /** How long ago the loop last took something up; it does so every second at least unless a call hangs. */
    public Duration sinceLastBeat() {
        return Duration.ofNanos(System.nanoTime() - lastBeat);
    }

    public boolean isRunning() {
        return thread.isAlive();
    }

    /** Ends the loop after what it is doing now; the kernel is left as it is. */
    @Override
    public void close() {
        closed = true;
        submit(FIRST, () -> {});
    }

    private void submit(int rank, Runnable run) {
        queue.add(new Work(rank, orders.getAndIncrement(), run));
    }

    private void loop() {
        while (!closed) {
            lastBeat = System.nanoTime();
            try {
                step();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("apply loop: work failed", e);
            }
        }
    }

    private void step() throws InterruptedException {
        var now = System.nanoTime();
        var manager = turns.next(now);
        if (manager.isEmpty()) {
            var wait = Math.min(BEAT.toNanos(), turns.untilDue(now).orElse(Long.MAX_VALUE));
            var work = queue.poll(wait, TimeUnit.NANOSECONDS);
            if (work != null) {
                work.run().run();
            }
            return;
        }
        var waiting = queue.peek();
        if (waiting != null && waiting.rank() <= manager.get().priority().ordinal()) {
            queue.take().run().run();
        } else {
            turn(manager.get());
        }
    }

    private void take(DesiredChange change, CompletableFuture<List<ItemRefusal>> result) {
        var concerned = turns.managers().stream()
                .filter(manager -> manager.tables().stream().anyMatch(table -> table.feed() == change.feed()))
                .toList();
        var delivery = new Delivery(change, concerned, result);
        for (var manager : concerned) {
            try {
                manager.onUpdate(change);
                turns.wake(manager);
            } catch (RuntimeException e) {
                LOG.errorf(
                        e,
                        "manager=%s could not take up a change of feed=%s",
                        manager.name(),
                        change.feed().feed());
                delivery.failed(manager, describe(e));
            }
        }
        if (!delivery.finish()) {
            deliveries.add(delivery);
        }
    }

    private void turn(Manager manager) {
        var start = System.nanoTime();
        turns.begin(manager);
        Applied applied;
        try {
            applied = manager.apply(Slice.lasting(SLICE));
            deliveries.forEach(delivery -> delivery.applied(manager, applied));
        } catch (RuntimeException e) {
            LOG.errorf(e, "manager=%s failed", manager.name());
            deliveries.forEach(delivery -> delivery.failed(manager, describe(e)));
            end(manager, Applied.retry(List.of(), describe(e)), start);
            return;
        }
        if (applied instanceof Applied.Retry retry) {
            LOG.warnf("manager=%s is tried again: %s", manager.name(), retry.message());
        }
        end(manager, applied, start);
    }

    private void end(Manager manager, Applied applied, long start) {
        var now = System.nanoTime();
        turns.end(manager, applied, now);
        listener.applied(manager, Duration.ofNanos(now - start), applied);
        deliveries.removeIf(Delivery::finish);
    }

    private static String describe(RuntimeException e) {
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
