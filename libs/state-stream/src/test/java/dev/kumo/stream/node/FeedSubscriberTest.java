// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.contract.policy.v1.Node;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.TestCa;
import dev.kumo.stream.TestReplica;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedSubscriberTest {
    @TempDir
    Path folder;

    private final TestCa ca = new TestCa();
    private final TestReplica a = new TestReplica("a", ca);
    private final TestReplica b = new TestReplica("b", ca);
    private TestNode w1;

    @BeforeEach
    void node() {
        w1 = new TestNode("w1", folder.resolve("policy.bin"), ca).dialling(a);
    }

    @AfterEach
    void close() {
        w1.close();
        a.close();
        b.close();
        assertThat(w1.faults).isEmpty();
    }

    @Test
    void doesNotTrustAServerOfAnotherAuthorityUntilItsCertificateIsKnown() {
        a.state.publisher().publish(snapshot(1, node("n", "x")));
        w1.authorities = new TestCa().pem();
        w1.start();
        await().until(() -> w1.lastError() == Reason.UNTRUSTED_SERVER);
        assertThat(w1.changes).isEmpty();
        w1.authorities = ca.pem();
        await().until(w1::isInSync);
    }

    @Test
    void doesNotTrustAServerOfAnotherName() {
        var leaf = ca.leaf("gateway-service.kumo-system.svc");
        try (var other = new TestReplica("other", () -> leaf)) {
            other.state.publisher().publish(snapshot(1, node("n", "x")));
            w1.dialling(other).start();
            await().until(() -> w1.lastError() == Reason.UNTRUSTED_SERVER);
            assertThat(w1.changes).isEmpty();
        }
    }

    @Test
    void saysWhyItHasNoReplica() {
        w1.replicas.clear();
        w1.start();
        await().until(() -> w1.lastError() == Reason.NO_REPLICA);
        a.state.publisher().publish(snapshot(1));
        w1.token = "stranger";
        w1.dialling(a).subscriber().replicasChanged();
        await().until(() -> w1.lastError() == Reason.TOKEN_REJECTED);
        w1.token = "token-w2";
        await().until(() -> w1.lastError() == Reason.WRONG_NODE);
        w1.token = "token-w1";
        await().until(w1::isInSync);
        assertThat(w1.subscriber().status().lastError()).isNull();
        assertThat(w1.subscriber().status().replica()).isEqualTo("a");
        assertThat(w1.subscriber().status().address()).isEqualTo(a.address());
    }

    @Test
    void leavesAStaleReplicaForTheOtherOne() {
        a.state.publisher().publish(snapshot(10, node("n", "new")));
        b.state.publisher().publish(snapshot(9, node("n", "old")));
        w1.start();
        await().until(w1::isInSync);
        w1.dialling(b);
        a.close();
        await().until(() -> w1.lastError() == Reason.STALE_REPLICA);
        assertThat(b.staleSources).contains("nodes");
        assertThat(w1.kernel).containsValue(node("n", "new"));
        b.state.publisher().publish(snapshot(11, node("n", "newer")));
        await().until(w1::isInSync);
        assertThat(w1.kernel).containsValue(node("n", "newer"));
    }

    @Test
    void aReplicaThatFallsBackIsLeftAtOnce() {
        a.state.publisher().publish(snapshot(10, node("n", "new")));
        b.state.publisher().publish(snapshot(10, node("n", "new")));
        w1.start();
        await().until(w1::isInSync);
        w1.dialling(b, a);
        a.state.publisher().publish(snapshot(3, node("n", "restored")));
        await().until(() -> w1.isInSync() && w1.subscriber().status().replica().equals("b"));
        assertThat(w1.kernel).containsValue(node("n", "new")).hasSize(1);
    }

    @Test
    void takesOlderStateOnlyWhenTold() {
        a.state.publisher().publish(snapshot(10, node("n", "new")));
        w1.start();
        await().until(w1::isInSync);
        a.state.publisher().publish(snapshot(3, node("n", "restored")));
        await().until(() -> w1.lastError() == Reason.STALE_REPLICA);
        w1.subscriber().acceptOlder();
        await().until(() -> w1.isInSync() && w1.kernel.containsValue(node("n", "restored")));
        a.restart();
        await().until(() -> a.openCalls() == 1 && w1.isInSync());
    }

    @Test
    void startsFromDiskWithoutAnyReplica() {
        a.state.publisher().publish(snapshot(4, node("n", "x"), secret("s")));
        w1.start();
        await().until(w1::isInSync);
        w1.close();
        w1.replicas.clear();
        w1.start();
        await().until(() -> w1.lastError() == Reason.NO_REPLICA);
        assertThat(w1.kernel)
                .containsValue(node("n", "x"))
                .as("secrets stay off the disk")
                .hasSize(1);
        assertThat(w1.changes.getLast().inSync()).isFalse();
        w1.dialling(a).subscriber().replicasChanged();
        await().until(w1::isInSync);
        assertThat(w1.changes.getLast().upserts()).containsExactly(secret("s"));
    }

    @Test
    void aCorruptFileIsPutAsideAndTheFeedBeginsEmpty() throws Exception {
        a.state.publisher().publish(snapshot(4, node("n", "x")));
        w1.start();
        await().until(w1::isInSync);
        w1.close();
        var file = folder.resolve("policy.bin");
        var whole = Files.readAllBytes(file);
        for (var content : List.of(new byte[0], "garbage".getBytes(StandardCharsets.UTF_8), flipped(whole))) {
            Files.write(file, content);
            var store = DesiredStore.open(file, TestNode::isSensitive);
            assertThat(store.problem()).contains(Reason.STATE_FILE_CORRUPT);
            assertThat(store.items()).isEmpty();
            assertThat(file).doesNotExist();
            assertThat(folder.resolve("policy.bin.corrupt")).hasBinaryContent(content);
        }
        w1.start();
        await().until(w1::isInSync);
        assertThat(w1.kernel).containsValue(node("n", "x"));
    }

    @Test
    void anUnwritableFileIsAProblemUntilItIsWritten() throws Exception {
        var file = folder.resolve("sub").resolve("policy.bin");
        Files.writeString(folder.resolve("sub"), "a file where a folder should be");
        var store = DesiredStore.open(file, TestNode::isSensitive);
        store.commit(new FeedChange(List.of(node("n", "x")), List.of(), true), Map.of("nodes", 3L));
        store.flush();
        assertThat(store.problem()).contains(Reason.STATE_FILE_UNWRITABLE);
        Files.delete(folder.resolve("sub"));
        store.flush();
        assertThat(store.problem()).isEmpty();
        var again = DesiredStore.open(file, TestNode::isSensitive);
        assertThat(again.items()).containsOnlyKeys(new ItemKey("nodes", "n"));
        assertThat(again.resourceVersions()).containsExactly(Map.entry("nodes", 3L));
    }

    @Test
    void whatIsOnDiskStandsForTheFeedOnceAReplicaHasSaidThatItIsAll() {
        var file = folder.resolve("policy.bin");
        var store = DesiredStore.open(file, TestNode::isSensitive);
        store.commit(new FeedChange(List.of(node("n", "x")), List.of(), false), Map.of());
        store.flush();
        assertThat(DesiredStore.open(file, TestNode::isSensitive).isComplete()).isFalse();
        store.commit(new FeedChange(List.of(), List.of(), true), Map.of());
        store.flush();
        assertThat(DesiredStore.open(file, TestNode::isSensitive).isComplete()).isTrue();
    }

    @Test
    void thatAFeedIsEmptyIsKnownAfterARestartToo() {
        a.state.publisher().publish(StateSnapshot.empty());
        w1.start();
        await().until(w1::isInSync);
        w1.close();
        var store = DesiredStore.open(folder.resolve("policy.bin"), TestNode::isSensitive);
        assertThat(store.items()).isEmpty();
        assertThat(store.isComplete()).isTrue();
        w1.changes.clear();
        a.close();
        w1.start();
        await().until(() -> w1.changes.size() == 1);
        assertThat(w1.changes.getFirst()).isEqualTo(new FeedChange(List.of(), List.of(), false));
    }

    @Test
    void aFeedWithSecretsIsNotWholeOnDisk() {
        a.state.publisher().publish(snapshot(1, node("n", "x"), secret("s")));
        w1.start();
        await().until(w1::isInSync);
        w1.close();
        var store = DesiredStore.open(folder.resolve("policy.bin"), TestNode::isSensitive);
        assertThat(store.items()).hasSize(1);
        assertThat(store.isComplete()).isFalse();
    }

    @Test
    void acknowledgesOnlyWhatIsInForce() {
        Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        w1.executor = held::add;
        var item = node("n", "x");
        a.state.publisher().publish(snapshot(1, item));
        w1.start();
        await().until(() -> held.size() == 1);
        assertThat(a.state.acks().applied("w1", item.key(), item.hash())).isFalse();
        held.remove().run();
        await().until(() -> a.state.acks().applied("w1", item.key(), item.hash()));
    }

    @Test
    void whatWasRefusedIsSentAgainByTheNextReplica() {
        var item = node("n", "x");
        a.state.publisher().publish(snapshot(1, item));
        w1.refusing.add(item.key());
        w1.start();
        await().until(() -> a.state.acks().refusals("w1").containsKey(item.key()));
        w1.refusing.clear();
        b.state.publisher().publish(snapshot(1, item));
        w1.dialling(b);
        a.close();
        await().until(() -> b.state.acks().applied("w1", item.key(), item.hash()));
        assertThat(w1.kernel).containsValue(item);
    }

    @Test
    void presentsAFreshTokenAndOutlivesAnExpiredOne() {
        a.state.publisher().publish(snapshot(1, node("n", "x")));
        w1.token = "short-w1";
        w1.start();
        await().until(w1::isInSync);
        await().until(() -> w1.lastError() == Reason.TOKEN_EXPIRED);
        w1.token = "token-w1";
        await().until(w1::isInSync);
    }

    private static byte[] flipped(byte[] content) {
        var flipped = content.clone();
        flipped[flipped.length - 1] ^= 1;
        return flipped;
    }

    private static StateItem node(String key, String content) {
        return StateItem.of("nodes", key, Node.newBuilder().setName(content).build());
    }

    private static StateItem secret(String key) {
        return StateItem.of("secrets", key, Node.newBuilder().setName("key").build());
    }

    private static StateSnapshot snapshot(long version, StateItem... items) {
        var builder = StateSnapshot.builder().resourceVersion("nodes", version);
        for (var item : items) {
            builder.add(item);
        }
        return builder.build();
    }
}
