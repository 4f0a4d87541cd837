// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableSetTest {
    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String WIDGETS = "/apis/test.kumo.dev/v1/widgets";

    private FakeApiServer server;
    private KubernetesClient client;
    private TableSet tables;
    private KubeTable<String> namespaces;
    private KubeTable<Integer> widgets;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        server.install(NAMESPACES);
        client = server.client();
        tables = new TableSet("test", client);
        namespaces = tables.add(TableSource.all(
                "namespaces",
                Namespace.class,
                Namespace::new,
                namespace -> Optional.ofNullable(namespace.getMetadata().getLabels())
                        .map(labels -> labels.get("team"))
                        .orElse(null)));
        widgets = tables.add(TableSource.custom("widgets", Widget.class, widget -> widget.getSpec().size));
    }

    @AfterEach
    void stop() throws InterruptedException {
        tables.close();
        client.close();
        server.close();
    }

    @Test
    void holdsTheViewsOfAllPagesSortedAndLeavesOutWhatHasNone() {
        IntStream.range(0, 1200).forEach(i -> server.put(NAMESPACES, namespace("n%04d".formatted(i), "t" + i)));
        server.put(NAMESPACES, """
                {"metadata": {"name": "plain"}}""");
        tables.start(() -> {});

        await().until(tables::synced);

        assertThat(namespaces.rows()).hasSize(1200).containsEntry("n0000", "t0").doesNotContainKey("plain");
        assertThat(namespaces.rows().firstKey()).isEqualTo("n0000");
        assertThat(server.lists.stream().filter(list -> list.startsWith(NAMESPACES + "?")))
                .as("pages of 500")
                .hasSize(3);
        assertThat(namespaces.resourceVersion()).isEqualTo(server.version());
    }

    @Test
    void anApiThatIsNotInstalledIsAnEmptySyncedTableAndIsTakenUpWhenItAppears() {
        tables.start(() -> {});
        await().until(tables::synced);
        assertThat(widgets.rows()).isEmpty();
        assertThat(tables.resourceVersions()).containsOnlyKeys("namespaces");

        server.install(WIDGETS);
        server.put(WIDGETS, widget("a", "7"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(widgets.rows()).containsEntry("a", 7));
        assertThat(tables.resourceVersions()).containsKeys("namespaces", "widgets");
    }

    @Test
    void oneObjectThatCannotBeReadIsItsOwnProblemAndOfNoOther() {
        server.install(WIDGETS);
        server.put(WIDGETS, widget("good", "7"));
        server.put(WIDGETS, widget("bad", "\"seven\""));
        tables.start(() -> {});
        await().until(tables::synced);

        assertThat(widgets.rows()).containsExactly(Map.entry("good", 7));
        assertThat(widgets.problems()).containsOnlyKeys("bad");
        assertThat(widgets.problems().get("bad")).contains("seven");

        await().until(() -> server.isWatched(WIDGETS));
        server.put(WIDGETS, widget("worse", "{}"));
        server.put(WIDGETS, widget("bad", "8"));
        await().untilAsserted(() -> assertThat(widgets.rows()).containsEntry("bad", 8));
        assertThat(widgets.problems()).containsOnlyKeys("worse");
    }

    @Test
    void aWatchThatHasFallenSilentIsFoundOutAndTheTableListedAnew() throws InterruptedException {
        server.put(NAMESPACES, namespace("a", "red"));
        tables.start(() -> {});
        await().until(() -> server.isWatched(NAMESPACES));
        server.mute(NAMESPACES);
        server.put(NAMESPACES, namespace("b", "green"));
        namespaces.recheck();
        assertThat(namespaces.relisting()).as("the first look only remembers").isFalse();

        namespaces.recheck();

        await().untilAsserted(() -> assertThat(namespaces.rows()).containsKeys("a", "b"));
        server.put(NAMESPACES, namespace("c", "blue"));
        await().untilAsserted(() -> assertThat(namespaces.rows()).containsKeys("a", "b", "c"));
    }

    @Test
    void aWatchThatHasNothingToTellIsLeftAlone() throws InterruptedException {
        server.put(NAMESPACES, namespace("a", "red"));
        tables.start(() -> {});
        await().until(() -> server.isWatched(NAMESPACES));
        int lists = server.lists.size();
        namespaces.recheck();
        namespaces.recheck();
        widgets.recheck();
        assertThat(server.lists.stream().filter(list -> list.startsWith(NAMESPACES)))
                .as("lists of %s", NAMESPACES)
                .hasSize(lists);
        server.put(NAMESPACES, namespace("b", "green"));
        await().untilAsserted(() -> assertThat(namespaces.rows()).containsKeys("a", "b"));
    }

    @Test
    void followsChangesAndCountsBookmarks() {
        server.put(NAMESPACES, namespace("a", "red"));
        tables.start(() -> {});
        await().until(() -> server.isWatched(NAMESPACES));

        server.put(NAMESPACES, namespace("a", "blue"));
        server.put(NAMESPACES, namespace("b", "green"));
        await().untilAsserted(() ->
                assertThat(namespaces.rows()).containsExactly(Map.entry("a", "blue"), Map.entry("b", "green")));
        server.delete(NAMESPACES, "a");
        await().untilAsserted(() -> assertThat(namespaces.rows()).containsOnlyKeys("b"));

        long version = server.bookmark(NAMESPACES, "v1", "Namespace");
        await().untilAsserted(() -> assertThat(namespaces.resourceVersion()).isEqualTo(version));
        assertThat(namespaces.row("b")).isEqualTo("green");
        assertThat(namespaces.row("a")).isNull();
    }

    @Test
    void tellsNothingBeforeAllTablesHaveSyncedAndThenOnOneNamedThread() {
        server.refusing = true;
        var threads = new CopyOnWriteArrayList<String>();
        tables.start(() -> threads.add(Thread.currentThread().getName()));
        tables.signal();
        assertThat(tables.waitingFor()).containsExactly("namespaces", "widgets");
        assertThat(threads).isEmpty();

        server.refusing = false;

        await().atMost(Duration.ofSeconds(30)).until(() -> !threads.isEmpty());
        assertThat(threads).containsOnly("tables-test");
    }

    @Test
    void changesThatComeWhileTheListenerRunsAreToldOnce() throws InterruptedException {
        var runs = new AtomicInteger();
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        tables.start(() -> {
            runs.incrementAndGet();
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        entered.await();
        int before = runs.get();

        IntStream.range(0, 100).forEach(_ -> tables.signal());
        release.countDown();

        await().until(() -> runs.get() > before);
        assertThat(runs.get()).isLessThan(before + 10);
    }

    @Test
    void aListenerThatFailsIsToldAgainByItself() {
        var runs = new AtomicInteger();
        tables.start(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("fails once on purpose");
            }
        });

        await().until(() -> runs.get() > 1);
        assertThat(tables.alive()).isTrue();
    }

    @Test
    void signalsWhenTheTimeHasCome() {
        var runs = new AtomicInteger();
        tables.start(runs::incrementAndGet);
        await().until(() -> runs.get() > 0 && server.isWatched(NAMESPACES));
        int before = runs.get();

        tables.signalIn(Duration.ofMillis(20));

        await().until(() -> runs.get() > before);
    }

    @Test
    void listsATableAnewBesideTheOldWatchAndGoesOnFromThere() {
        server.put(NAMESPACES, namespace("a", "red"));
        tables.start(() -> {});
        await().until(() -> server.isWatched(NAMESPACES));
        int before = server.lists.size();

        tables.relist("namespaces");
        tables.relist("nobody's");
        await().until(() -> server.lists.size() > before);
        server.put(NAMESPACES, namespace("b", "blue"));

        await().untilAsserted(() -> assertThat(namespaces.rows()).containsOnlyKeys("a", "b"));
        server.put(NAMESPACES, namespace("c", "green"));
        await().untilAsserted(() -> assertThat(namespaces.rows()).containsOnlyKeys("a", "b", "c"));
    }

    private static String namespace(String name, String team) {
        return """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s", "labels": {"team": "%s"}}}""".formatted(name, team);
    }

    private static String widget(String name, String size) {
        return """
                {"apiVersion": "test.kumo.dev/v1", "kind": "Widget", "metadata": {"name": "%s"}, "spec": {"size": %s}}""".formatted(name, size);
    }
}
