// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.TestCa;
import dev.kumo.stream.TestReplica;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportSenderTest {
    @TempDir
    Path folder;

    private final TestCa ca = new TestCa();
    private final TestReplica a = new TestReplica("a", ca);
    private final TestReplica b = new TestReplica("b", ca);
    private final List<ItemRefusal> refusals = new CopyOnWriteArrayList<>();
    private TestNode w1;
    private ReportSender sender;

    @BeforeEach
    void node() {
        w1 = new TestNode("w1", folder.resolve("policy.bin"), ca).dialling(a, b);
        sender = new ReportSender(w1.connection(), (_, refusal) -> refusals.add(refusal));
    }

    @AfterEach
    void close() {
        sender.close();
        a.close();
        b.close();
    }

    @Test
    void tellsEveryReplicaEverythingThenChanges() {
        sender.put(report("p1", 0));
        sender.put(report("p2", 0));
        sender.start();
        await().until(() -> a.state.reports().synced().contains("w1")
                && b.state.reports().synced().contains("w1"));
        assertThat(said(a)).containsOnlyKeys(key("p1"), key("p2"));
        sender.put(report("p1", 256));
        sender.remove(key("p2"));
        await().untilAsserted(() -> {
            assertThat(said(a)).isEqualTo(Map.of(key("p1"), report("p1", 256)));
            assertThat(said(b)).isEqualTo(Map.of(key("p1"), report("p1", 256)));
        });
    }

    @Test
    void equalContentIsToldOnce() {
        var told = new AtomicInteger();
        a.check = (_, _) -> {
            told.incrementAndGet();
            return Optional.empty();
        };
        sender.put(report("p1", 0));
        sender.start();
        await().until(() -> a.state.reports().synced().contains("w1"));
        sender.put(report("p1", 0));
        sender.put(report("p2", 0));
        await().until(() -> said(a).containsKey(key("p2")));
        assertThat(told).hasValue(2);
    }

    @Test
    void saysEverythingAgainToAReplicaThatStartedAnew() {
        sender.put(report("p1", 0));
        sender.start();
        await().until(() -> said(a).containsKey(key("p1")));
        a.state.reports().forget("w1");
        a.restart();
        await().until(() -> a.state.reports().synced().contains("w1"));
        assertThat(said(a)).containsOnlyKeys(key("p1"));
    }

    @Test
    void whatIsGoneWhenTheNodeReconnectsIsGoneOnceItIsInSync() {
        sender.put(report("p1", 0));
        sender.put(report("p2", 0));
        sender.start();
        await().until(() -> said(a).size() == 2);
        sender.close();
        await().until(() -> !a.state.reports().connected().contains("w1"));
        assertThat(said(a)).as("its last word stands").hasSize(2);
        sender = new ReportSender(w1.connection(), (_, refusal) -> refusals.add(refusal));
        sender.put(report("p2", 0));
        sender.start();
        await().until(() -> said(a).size() == 1);
        assertThat(said(a)).containsOnlyKeys(key("p2"));
    }

    @Test
    void whatIsRefusedIsToldAgainUntilItIsTaken() {
        Set<ItemKey> unknown = ConcurrentHashMap.newKeySet();
        unknown.add(key("p2"));
        a.check = (node, item) -> {
            assertThat(node).isEqualTo("w1");
            return unknown.contains(item.key())
                    ? Optional.of(new ItemRefusal(item.key(), Reason.UNKNOWN_POD, "not seen yet"))
                    : Optional.empty();
        };
        sender.put(report("p1", 0));
        sender.put(report("p2", 0));
        sender.start();
        await().until(() -> !refusals.isEmpty());
        assertThat(refusals.getFirst().reason()).isEqualTo(Reason.UNKNOWN_POD);
        await().until(() -> said(a).containsKey(key("p1")));
        assertThat(said(a)).doesNotContainKey(key("p2"));
        unknown.clear();
        await().until(() -> said(a).containsKey(key("p2")));
    }

    @Test
    void aNodeMaySpeakOnlyForItself() {
        w1.token = "token-w2";
        sender.put(report("p1", 0));
        sender.start();
        await().until(() -> w1.tokensRead.get() > 4);
        w1.replicas.remove(a.address());
        w1.token = "token-w1";
        await().until(() -> b.state.reports().synced().contains("w1"));
        assertThat(a.state.reports().byNode()).isEmpty();
        assertThat(a.state.reports().synced()).isEmpty();
    }

    private static Map<ItemKey, StateItem> said(TestReplica replica) {
        return replica.state.reports().byNode().getOrDefault("w1", new TreeMap<>());
    }

    private static ItemKey key(String pod) {
        return new ItemKey("endpoint_reports", pod);
    }

    private static StateItem report(String pod, int identity) {
        return StateItem.of(
                "endpoint_reports",
                pod,
                EndpointReport.newBuilder()
                        .setPodUid(pod)
                        .setInstalledIdentity(identity)
                        .build());
    }
}
