// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.contract.service.v1.Service;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ApplyLoopTest {
    private static final Backoff SHORT = new Backoff(Duration.ofMillis(1), Duration.ofMillis(4));

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final ApplyLoop loop = new ApplyLoop(ApplyListener.NONE, SHORT);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void acknowledgesAChangeOnlyAfterItsManagerHasAppliedIt() throws Exception {
        var gate = new CountDownLatch(1);
        loop.add(manager("services", Priority.SERVICE, Table.SERVICES, Applied::done, () -> {
            events.add("apply");
            return Applied.done();
        }));
        start();
        loop.run(Priority.WITHDRAWAL, () -> gate.await(10, TimeUnit.SECONDS));
        var ack = loop.deliver(change("a/b"));
        assertThat(ack.toCompletableFuture()).isNotDone();
        gate.countDown();

        assertThat(result(ack)).isEmpty();
        assertThat(events).containsExactly("update a/b", "apply");
    }

    @Test
    void acknowledgesOnlyOnceAManagerThatNeedsSeveralSlicesIsThrough() throws Exception {
        loop.add(manager(
                "services",
                Priority.SERVICE,
                Table.SERVICES,
                Applied::done,
                () -> {
                    events.add("first");
                    return Applied.more();
                },
                () -> {
                    events.add("last");
                    return Applied.done();
                }));
        start();
        result(loop.deliver(change("a/b")));
        assertThat(events).containsExactly("update a/b", "first", "last");
    }

    @Test
    void moreUrgentWorkPassesBetweenSlices() throws Exception {
        loop.add(manager(
                "rest",
                Priority.REST,
                Table.NODES,
                Applied::done,
                () -> {
                    events.add("rest 1");
                    loop.run(() -> events.add("cni"));
                    loop.run(Priority.REST, () -> events.add("debug"));
                    return Applied.more();
                },
                () -> {
                    events.add("rest 2");
                    return Applied.done();
                }));
        start();
        result(loop.deliver(new DesiredChange(FeedMethods.POLICY, List.of(), List.of(), true)));
        assertThat(events).containsSubsequence("rest 1", "cni", "rest 2");
    }

    @Test
    void theMoreUrgentManagerHasItsTurnFirstWhateverTheOrderOfRegistration() throws Exception {
        loop.add(manager("late", Priority.REST, Table.NODES, () -> note("late")));
        loop.add(manager("early", Priority.WITHDRAWAL, Table.NODES, () -> note("early")));
        start();
        assertThat(events).containsExactly("early", "late");
    }

    @Test
    void refusalsOfFailedItemsReachTheAcknowledgementAndTheWorkIsTriedAgain() throws Exception {
        var refusal = new ItemRefusal(Table.SERVICES.item("a/b"), Reason.MAP_FULL, "no room");
        var foreign = new ItemRefusal(Table.SERVICES.item("an/older"), Reason.MAP_FULL, "no room");
        var recovered = new CountDownLatch(1);
        loop.add(manager(
                "services",
                Priority.SERVICE,
                Table.SERVICES,
                Applied::done,
                () -> Applied.retry(List.of(refusal, foreign), "2 entries: no room"),
                () -> Applied.retry(List.of(refusal), "1 entry: no room"),
                () -> {
                    recovered.countDown();
                    return Applied.done();
                }));
        start();

        assertThat(result(loop.deliver(change("a/b", "c/d")))).containsExactly(refusal);
        assertThat(recovered.await(10, TimeUnit.SECONDS)).isTrue();
        result(loop.run(Priority.REST, () -> 0));
        assertThat(loop.failing()).isEmpty();
    }

    @Test
    void aManagerThatThrowsRefusesItsOwnItemsAndHarmsNoOther() throws Exception {
        loop.add(manager(
                "broken",
                Priority.SERVICE,
                Table.SERVICES,
                Applied::done,
                () -> {
                    throw new IllegalStateException("out of order");
                },
                () -> {
                    throw new IllegalStateException("still out of order");
                }));
        loop.add(manager("backends", Priority.SERVICE, Table.BACKENDS, () -> note("backends")));
        start();

        var refusals = result(loop.deliver(change("a/b")));

        assertThat(refusals)
                .containsExactly(new ItemRefusal(Table.SERVICES.item("a/b"), Reason.KERNEL_ERROR, "out of order"));
        assertThat(events).contains("update a/b", "backends");
    }

    @Test
    void aChangeOfAnotherFeedIsNotHandedOver() throws Exception {
        loop.add(manager("nodes", Priority.REST, Table.NODES, () -> note("nodes")));
        start();
        assertThat(result(loop.deliver(change("a/b")))).isEmpty();
        assertThat(events).containsExactly("nodes");
    }

    @Test
    void workThatThrowsFailsItsCallerOnly() throws Exception {
        loop.start();
        var failed = loop.run(() -> {
            throw new IllegalStateException("no such netns");
        });
        assertThatThrownBy(() -> result(failed))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("netns");
        assertThat(result(loop.run(() -> 1))).isEqualTo(1);
    }

    @Test
    void everythingRunsOnOneThread() throws Exception {
        loop.start();
        assertThat(result(loop.run(() -> Thread.currentThread().getName()))).isEqualTo("apply-loop");
        assertThat(loop.isRunning()).isTrue();
    }

    private Applied note(String event) {
        events.add(event);
        return Applied.done();
    }

    /** Starts the loop and waits until each manager has had its first turn, and only that. */
    private void start() throws Exception {
        var first = new ArrayList<CompletionStage<List<ItemRefusal>>>();
        for (var feed : FeedMethods.values()) {
            first.add(loop.deliver(new DesiredChange(feed, List.of(), List.of(), false)));
        }
        loop.start();
        for (var delivery : first) {
            result(delivery);
        }
    }

    private static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static DesiredChange change(String... services) {
        var entries = new ArrayList<Entry>();
        for (var service : services) {
            entries.add(new Entry(Table.SERVICES.item(service), Service.getDefaultInstance()));
        }
        return new DesiredChange(FeedMethods.SERVICE, entries, List.of(), true);
    }

    /** A manager that plays the answers in turn, then says done. */
    @SafeVarargs
    private Manager manager(String name, Priority priority, Table<?> table, Supplier<Applied>... answers) {
        Queue<Supplier<Applied>> script = new ArrayDeque<>(List.of(answers));
        return new Manager() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Priority priority() {
                return priority;
            }

            @Override
            public Set<Table<?>> tables() {
                return Set.of(table);
            }

            @Override
            public void onUpdate(DesiredChange change) {
                change.upserts().stream()
                        .filter(entry -> entry.key().table().equals(table.name()))
                        .forEach(entry -> events.add("update " + entry.key().key()));
            }

            @Override
            public Applied apply(Slice slice) {
                var answer = script.poll();
                return answer == null ? Applied.done() : answer.get();
            }
        };
    }
}
