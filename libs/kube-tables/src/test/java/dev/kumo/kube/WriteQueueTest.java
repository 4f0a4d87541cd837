// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final WriteQueue queue = new WriteQueue("test", 2, metrics);
    private final CopyOnWriteArrayList<String> written = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        queue.close();
    }

    @Test
    void theLatestWriteOfAKeyWinsOverOnesThatWaitAndNeverTwoRunAtOnce() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        queue.submit("node w1", () -> {
            entered.countDown();
            hold(release);
            written.add("first");
        });
        entered.await();
        queue.submit("node w1", () -> written.add("superseded"));
        queue.submit("node w1", () -> written.add("latest"));
        queue.submit("node w2", () -> written.add("other key"));
        await().until(() -> written.contains("other key"));
        assertThat(written).doesNotContain("latest");

        release.countDown();

        await().until(() -> written.contains("latest"));
        assertThat(written).containsExactly("other key", "first", "latest");
    }

    @Test
    void aWriteThatFailsIsTriedAgainUntilItSucceeds() {
        var attempts = new AtomicInteger();
        queue.submit("node w1", () -> {
            if (attempts.incrementAndGet() < 3) {
                throw new KubernetesClientException("refused on purpose");
            }
            written.add("done on " + Thread.currentThread().getName());
        });
        assertThat(queue.isPending("node w1")).isTrue();

        await().until(() -> !written.isEmpty());
        assertThat(written.getFirst()).startsWith("done on writes-test-");
        await().until(() -> !queue.isPending("node w1"));
        assertThat(metrics.counter("kumo.writes", "queue", "test", "outcome", "failed")
                        .count())
                .isEqualTo(2);
        assertThat(metrics.counter("kumo.writes", "queue", "test", "outcome", "written")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aNewWriteTakesThePlaceOfOneThatIsTriedAgain() {
        var attempts = new AtomicInteger();
        queue.submit("node w1", () -> {
            attempts.incrementAndGet();
            throw new KubernetesClientException("refused on purpose");
        });
        await().until(() -> attempts.get() > 0);

        queue.submit("node w1", () -> written.add("new"));

        await().until(() -> written.contains("new"));
        await().until(() -> !queue.isPending("node w1"));
    }

    @Test
    void whatIsCancelledIsNotTriedAgain() {
        var attempts = new AtomicInteger();
        queue.submit("node w1", () -> {
            attempts.incrementAndGet();
            throw new KubernetesClientException("refused on purpose");
        });
        await().until(() -> attempts.get() > 0);

        await().until(() -> {
            queue.cancelAll();
            return !queue.isPending("node w1");
        });
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
