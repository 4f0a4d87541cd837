// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.contract.feed.v1.Ack;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.contract.feed.v1.BatchRefusal;
import dev.kumo.contract.feed.v1.HeldItem;
import dev.kumo.contract.feed.v1.Hello;
import dev.kumo.contract.feed.v1.Item;
import dev.kumo.contract.feed.v1.ItemRef;
import dev.kumo.contract.feed.v1.Refusal;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.RawNode;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.TestCa;
import dev.kumo.stream.TestReplica;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedServerTest {
    private final TestCa ca = new TestCa();
    private final TestReplica replica = new TestReplica("a", ca);

    @AfterEach
    void close() {
        replica.close();
    }

    @Test
    void sendsTheDifferenceToWhatTheNodeHolds() throws Exception {
        var same = node("same", "x");
        replica.state.publisher().publish(snapshot(7, same, node("changed", "new"), node("added", "x")));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello(Hello.newBuilder()
                    .setNode("w1")
                    .addHeld(held("same", same.hash()))
                    .addHeld(held("changed", 1))
                    .addHeld(held("gone", 2)));
            var batch = w1.next();
            assertThat(batch.getUpsertsList()).extracting(Item::getKey).containsExactly("added", "changed");
            assertThat(batch.getRemovesList()).extracting(ItemRef::getKey).containsExactly("gone");
            assertThat(batch.getInSync()).isTrue();
            assertThat(batch.getReplica()).isEqualTo("a");
            assertThat(batch.getResourceVersionsMap()).containsEntry("nodes", 7L);
        }
    }

    @Test
    void equalStateAndChangesOutsideANodesSpanSendNothing() throws Exception {
        replica.state.publisher().publish(snapshot(1, node("n", "x")));
        try (var w2 = new RawNode(replica, ca, "token-w2")) {
            w2.hello("w2");
            w2.ack(w2.next());
            var forW1 = StateItem.of("endpoints", "pod", Node.getDefaultInstance(), Audience.of(List.of("w1")));
            replica.state.publisher().publish(snapshot(2, node("n", "x")));
            replica.state.publisher().publish(snapshot(3, node("n", "x"), forW1));
            replica.state.publisher().publish(snapshot(4, node("n", "x"), forW1, node("marker", "x")));
            var next = w2.next();
            assertThat(next.getSequence()).isEqualTo(2);
            assertThat(next.getUpsertsList()).extracting(Item::getKey).containsExactly("marker");
            assertThat(next.getInSync()).isFalse();
        }
    }

    @Test
    void removesAnItemFromANodeThatItsAudienceNoLongerNames() throws Exception {
        var message = Node.newBuilder().setName("pod").build();
        replica.state
                .publisher()
                .publish(snapshot(1, StateItem.of("endpoints", "pod", message, Audience.of(List.of("w1", "w2")))));
        try (var w2 = new RawNode(replica, ca, "token-w2")) {
            w2.hello("w2");
            w2.ack(w2.next());
            replica.state
                    .publisher()
                    .publish(snapshot(2, StateItem.of("endpoints", "pod", message, Audience.of(List.of("w1")))));
            assertThat(w2.next().getRemovesList()).extracting(ItemRef::getKey).containsExactly("pod");
        }
    }

    @Test
    void batchesAreBoundedAndASlowNodeGetsOnlyTheLatest() throws Exception {
        var big = "x".repeat(100_000);
        var items = new StateItem[20];
        for (var i = 0; i < items.length; i++) {
            items[i] = node("n%02d".formatted(i), big + i);
        }
        replica.state.publisher().publish(snapshot(1, items));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w1");
            var first = w1.next();
            assertThat(first.getSerializedSize()).isLessThan(2 * SubscribeSession.BATCH_BYTES);
            for (var version = 2; version < 200; version++) {
                items[19] = node("n19", "version " + version);
                replica.state.publisher().publish(snapshot(version, items));
            }
            var seen = new HashMap<String, Integer>();
            for (var batch = first; ; batch = w1.next()) {
                batch.getUpsertsList().forEach(item -> seen.merge(item.getKey(), 1, Integer::sum));
                w1.ack(batch);
                if (batch.getInSync()) {
                    assertThat(batch.getUpsertsList()).contains(items[19].toProto());
                    break;
                }
            }
            assertThat(seen).hasSize(20).containsEntry("n19", 1);
        }
    }

    @Test
    void noMoreThanTheWindowIsSentBeforeAnAcknowledgement() throws Exception {
        replica.state.publisher().publish(snapshot(1, node("n", "0")));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w1");
            w1.request(100);
            await().until(() -> !w1.batches.isEmpty());
            for (var i = 1; i <= 50; i++) {
                replica.state.publisher().publish(snapshot(1 + i, node("n", "" + i)));
            }
            replica.state.publisher().publish(snapshot(100, node("n", "last")));
            var upserts = new HashSet<Item>();
            var batches = 0;
            while (!upserts.contains(node("n", "last").toProto())) {
                var batch = w1.next();
                batches++;
                upserts.addAll(batch.getUpsertsList());
                w1.ack(batch);
            }
            assertThat(batches).isLessThanOrEqualTo(3);
        }
    }

    /** Each key changes for the last time while batches about others leave. */
    @Test
    void noChangeIsLostThatComesWhileABatchIsMade() throws Exception {
        var marker = node("marker", "x");
        replica.state.publisher().publish(snapshot(1));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w1");
            w1.ack(w1.next());
            var held = new HashSet<String>();
            var node = Thread.ofPlatform().start(() -> {
                do {
                    var batch = w1.next();
                    batch.getUpsertsList().forEach(item -> held.add(item.getKey()));
                    batch.getRemovesList().forEach(ref -> held.remove(ref.getKey()));
                    w1.ack(batch);
                } while (!held.contains("marker"));
            });
            var version = 1;
            for (var key = 0; key < 20_000; key++) {
                replica.state.publisher().publish(snapshot(++version, node("n" + key, "x")));
                replica.state.publisher().publish(snapshot(++version));
            }
            replica.state.publisher().publish(snapshot(++version, marker));
            node.join();
            assertThat(held).containsExactly("marker");
        }
    }

    @Test
    void keepsWhatANodeAcknowledgedAndRefused() throws Exception {
        var good = node("good", "x");
        var bad = node("bad", "x");
        replica.state.publisher().publish(snapshot(1, good, bad));
        var acks = replica.state.acks();
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w1");
            var batch = w1.next();
            assertThat(acks.connected()).containsExactly("w1");
            assertThat(acks.applied("w1", good.key(), good.hash())).isFalse();
            assertThat(acks.absent("w1", good.key()))
                    .as("it may arrive any moment")
                    .isFalse();
            w1.ack(Ack.newBuilder()
                    .setSequence(batch.getSequence())
                    .addRefusals(Refusal.newBuilder()
                            .setItem(bad.key().toRef())
                            .setReason("MAP_FULL")
                            .setMessage("no room")));
            await().until(() -> acks.inSync().contains("w1"));
            assertThat(acks.applied("w1", good.key(), good.hash())).isTrue();
            assertThat(acks.applied("w1", bad.key(), bad.hash())).isFalse();
            assertThat(acks.absent("w1", bad.key())).isFalse();
            assertThat(acks.refusals("w1").get(bad.key()).getReason()).isEqualTo("MAP_FULL");
            replica.state.publisher().publish(snapshot(2));
            w1.ack(w1.next());
            await().until(() -> acks.absent("w1", bad.key()));
            assertThat(acks.refusals("w1")).isEmpty();
        }
        await().until(() -> acks.connected().isEmpty());
    }

    @Test
    void aReplicaThatIsBehindServesNothingAndListsAnew() throws Exception {
        replica.state.publisher().publish(snapshot(5, node("n", "x")));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello(Hello.newBuilder().setNode("w1").putAppliedVersions("nodes", 6));
            assertThat(w1.reason()).isEqualTo(Reason.STALE_REPLICA);
            assertThat(w1.batches).isEmpty();
        }
        assertThat(replica.staleSources).containsExactly("nodes");
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello(Hello.newBuilder()
                    .setNode("w1")
                    .putAppliedVersions("nodes", 6)
                    .setAcceptOlder(true));
            assertThat(w1.next().getUpsertsCount()).isEqualTo(1);
        }
        replica.state.publisher().publish(snapshot(6, node("n", "x")));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello(Hello.newBuilder().setNode("w1").putAppliedVersions("nodes", 6));
            w1.next();
            w1.ack(Ack.newBuilder().setSequence(1).setBatchRefusal(BatchRefusal.BATCH_REFUSAL_STALE_REPLICA));
            assertThat(w1.reason()).isEqualTo(Reason.STALE_REPLICA);
        }
        assertThat(replica.staleSources).containsExactly("nodes", "nodes");
    }

    @Test
    void refusesWhileThereIsNothingToServe() throws Exception {
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w1");
            assertThat(w1.reason()).isEqualTo(Reason.NOT_SYNCED);
            assertThat(w1.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        replica.state.publisher().publish(snapshot(1));
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w1");
            assertThat(w1.next().getInSync()).isTrue();
            replica.state.publisher().withdraw();
            assertThat(w1.reason()).isEqualTo(Reason.NOT_SYNCED);
        }
    }

    @Test
    void everyCallerThatMayNotIsToldWhy() throws Exception {
        replica.state.publisher().publish(snapshot(1, node("n", "x")));
        try (var nobody = new RawNode(replica, ca, null)) {
            nobody.hello("w1");
            assertThat(nobody.reason()).isEqualTo(Reason.NO_CREDENTIAL);
            assertThat(nobody.status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
        try (var stranger = new RawNode(replica, ca, "stranger")) {
            stranger.hello("w1");
            assertThat(stranger.reason()).isEqualTo(Reason.TOKEN_REJECTED);
            assertThat(stranger.status.getDescription()).startsWith("TOKEN_REJECTED: ");
        }
        try (var w1 = new RawNode(replica, ca, "token-w1")) {
            w1.hello("w2");
            assertThat(w1.reason()).isEqualTo(Reason.WRONG_NODE);
            assertThat(w1.status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        assertThat(replica.state.acks().connected()).isEmpty();
    }

    @Test
    void garbageEndsOnlyItsOwnStream() throws Exception {
        replica.state.publisher().publish(snapshot(1, node("n", "x")));
        try (var good = new RawNode(replica, ca, "token-w1")) {
            good.hello("w1");
            good.ack(good.next());
            for (var garbage : List.of(new byte[] {-1, -1, -1, -1}, new byte[0])) {
                try (var bad = new RawNode(replica, ca, "token-w2")) {
                    bad.send(garbage);
                    assertThat(bad.reason()).isEqualTo(Reason.MALFORMED);
                }
            }
            try (var early = new RawNode(replica, ca, "token-w2")) {
                early.ack(Batch.newBuilder().setSequence(1).build());
                assertThat(early.reason()).isEqualTo(Reason.MALFORMED);
            }
            try (var wrong = new RawNode(replica, ca, "token-w2")) {
                wrong.hello("w2");
                wrong.next();
                wrong.ack(Batch.newBuilder().setSequence(9).build());
                assertThat(wrong.reason()).isEqualTo(Reason.MALFORMED);
            }
            replica.state.publisher().publish(snapshot(2, node("n", "y")));
            assertThat(good.next().getUpsertsCount()).isEqualTo(1);
        }
    }

    @Test
    void aStreamEndsWithItsTokenUnlessAFreshOneCame() throws Exception {
        replica.state.publisher().publish(snapshot(1, node("n", "x")));
        try (var expiring = new RawNode(replica, ca, "short-w1");
                var renewed = new RawNode(replica, ca, "short-w2");
                var betraying = new RawNode(replica, ca, "token-w3")) {
            renewed.credential("token-w2");
            renewed.hello("w2");
            renewed.ack(renewed.next());
            betraying.hello("w3");
            betraying.next();
            betraying.credential("token-w1");
            assertThat(betraying.reason()).isEqualTo(Reason.WRONG_NODE);
            expiring.hello("w1");
            expiring.next();
            assertThat(expiring.reason()).isEqualTo(Reason.TOKEN_EXPIRED);
            replica.state.publisher().publish(snapshot(2, node("n", "y")));
            assertThat(renewed.next().getUpsertsCount()).isEqualTo(1);
        }
    }

    @Test
    void aSecondSubscriptionOfANodeEndsTheFirst() throws Exception {
        replica.state.publisher().publish(snapshot(1, node("n", "x")));
        try (var first = new RawNode(replica, ca, "token-w1");
                var second = new RawNode(replica, ca, "token-w1")) {
            first.hello("w1");
            first.next();
            second.hello("w1");
            second.ack(second.next());
            assertThat(first.reason()).isEqualTo(Reason.DISCONNECTED);
            await().until(() -> replica.state.acks().inSync().contains("w1"));
        }
    }

    @Test
    void aRenewedCertificateServesNewStreamsAndKeepsOldOnes(@TempDir Path folder) throws Exception {
        var next = new TestCa();
        var chain = folder.resolve("tls.crt");
        var key = folder.resolve("tls.key");
        try (var reloading = new TestReplica("a", ServerTls.files(chain, key))) {
            reloading.state.publisher().publish(snapshot(1, node("n", "x")));
            try (var early = new RawNode(reloading, ca, "token-w1")) {
                early.reason();
                assertThat(early.status.getCode()).as("no certificate yet").isEqualTo(Status.Code.UNAVAILABLE);
            }
            write(ca, chain, key);
            await().untilAsserted(() -> inSync(reloading, ca));
            try (var old = new RawNode(reloading, ca, "token-w1")) {
                old.hello("w1");
                old.ack(old.next());
                write(next, chain, key);
                await().untilAsserted(() -> inSync(reloading, next));
                reloading.state.publisher().publish(snapshot(2, node("n", "y")));
                assertThat(old.next().getUpsertsCount()).isEqualTo(1);
            }
        }
    }

    private static void inSync(TestReplica replica, TestCa ca) throws Exception {
        try (var w2 = new RawNode(replica, ca, "token-w2")) {
            w2.hello("w2");
            assertThat(w2.next().getInSync()).isTrue();
        }
    }

    private static void write(TestCa ca, Path chain, Path key) throws Exception {
        var leaf = ca.leaf("policy-service.kumo-system.svc");
        Files.write(key, leaf.key());
        Files.write(chain, leaf.chain());
    }

    private static HeldItem held(String key, long hash) {
        return HeldItem.newBuilder().setTable("nodes").setKey(key).setHash(hash).build();
    }

    private static StateItem node(String key, String content) {
        return StateItem.of("nodes", key, Node.newBuilder().setName(content).build());
    }

    private static StateSnapshot snapshot(long version, StateItem... items) {
        var builder = StateSnapshot.builder().resourceVersion("nodes", version);
        for (var item : items) {
            builder.add(item);
        }
        return builder.build();
    }

    @Test
    void acksOfAnEndedSubscriptionSayNothingAboutTheNode() {
        var acks = replica.state.acks();
        var key = new ItemKey("nodes", "n");
        var first = acks.open("w1", Map.of());
        var second = acks.open("w1", Map.of(key, 5L));
        acks.close("w1", first);
        assertThat(acks.connected()).containsExactly("w1");
        assertThat(acks.applied("w1", key, 5)).isTrue();
        acks.close("w1", second);
        assertThat(acks.connected()).isEmpty();
    }
}
