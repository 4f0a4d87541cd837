// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.feed.FeedGate;
import dev.kumo.dataplane.feed.Feeds;
import dev.kumo.dataplane.feed.ReplicaDirectory;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.reconcile.ApplyListener;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.node.FeedCredentials;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NodeStartTest {
    private static final DesiredChange OWN =
            Items.upserts(true, Items.entry(Items.node("w1", "172.18.0.11", "10.244.1.0/24")));

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ApplyLoop loop = new ApplyLoop(ApplyListener.NONE);
    private final FeedGate gate = new FeedGate("w1");
    private Feeds feeds;
    private NodeReadiness readiness;

    @BeforeEach
    void startLoop(@TempDir Path state) {
        feeds = new Feeds(
                "w1",
                ReplicaDirectory.open(state.resolve("replicas.json")),
                FeedCredentials.files(state.resolve("ca.crt"), state.resolve("token")),
                state.resolve("feeds"),
                gate);
        readiness = new NodeReadiness(feeds, loop);
        loop.start();
    }

    @AfterEach
    void stopLoop() {
        loop.close();
        feeds.close();
    }

    @Test
    void bringsTheNodeUpInOrderOnceItIsKnown() {
        new NodeStart(loop, gate, readiness, new Script(false)).begin();
        assertThat(readiness.problem())
                .hasValueSatisfying(problem -> assertThat(problem.reason()).isEqualTo(Reason.POOL_UNKNOWN));

        var ack = gate.pass(OWN).toCompletableFuture();

        await().until(readiness::isStarted);
        assertThat(events)
                .containsExactly(
                        "build on apply-loop",
                        "register on node-start",
                        "restore on node-start",
                        "attach on apply-loop",
                        "serve on node-start");
        assertThat(ack).isCompletedWithValue(List.of());
        assertThat(readiness.problem())
                .hasValue(
                        new NodeProblem(Reason.NOT_SYNCED, "waiting for feeds: policy, envoy, service, announcement"));
    }

    @Test
    void aDatapathThatCannotBeBuiltIsTriedAgainAndSaysWhyMeanwhile() {
        var script = new Script(true);
        new NodeStart(loop, gate, readiness, script).begin();

        var ack = gate.pass(OWN).toCompletableFuture();

        await().until(ack::isDone);
        assertThat(ack.join()).extracting(ItemRefusal::reason).containsExactly(Reason.NODE_NOT_READY);
        await().until(() -> readiness.problem().orElseThrow().reason() == Reason.KERNEL_ERROR);
        assertThat(readiness.problem().orElseThrow().message())
                .isEqualTo("could not build the datapath: load from_pod: EINVAL (22)");
        script.mayGoOn.countDown();
        await().until(readiness::isStarted);
        assertThat(events).filteredOn(event -> event.startsWith("build")).hasSize(2);
    }

    /** Writes down what is called on which thread. If told so, the first build fails and the second one waits. */
    private final class Script implements NodeStart.Steps {
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final boolean firstFails;
        private int builds;

        Script(boolean firstFails) {
            this.firstFails = firstFails;
        }

        @Override
        public void build(LocalNode node) throws InterruptedException {
            note("build");
            builds++;
            if (firstFails && builds == 1) {
                throw new BpfException("load", "from_pod", 22);
            }
            if (firstFails) {
                mayGoOn.await();
            }
        }

        @Override
        public void register() {
            note("register");
        }

        @Override
        public void restore() {
            note("restore");
        }

        @Override
        public void attach() {
            note("attach");
        }

        @Override
        public void serve() {
            note("serve");
        }

        private void note(String step) {
            events.add(step + " on " + Thread.currentThread().getName());
        }
    }
}
