// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.stream.FeedMethods;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaDirectoryTest {
    private static final InetAddress W1 = InetAddress.ofLiteral("172.18.0.11");
    private static final InetAddress W2 = InetAddress.ofLiteral("172.18.0.12");

    @TempDir
    private Path state;

    @Test
    void remembersReplicasForARunThatFindsTheApiServerAway() {
        open().update(Map.of(FeedMethods.POLICY, List.of(W1, W2), FeedMethods.SERVICE, List.of(W2)));

        var later = open();

        assertThat(later.of(FeedMethods.POLICY))
                .containsExactly(new InetSocketAddress(W1, 9961), new InetSocketAddress(W2, 9961));
        assertThat(later.of(FeedMethods.SERVICE)).containsExactly(new InetSocketAddress(W2, 9963));
        assertThat(later.of(FeedMethods.ENVOY)).isEmpty();
    }

    @Test
    void keepsTheLastReplicasOfAFeedThatHasNoneNow() {
        var directory = open();
        directory.update(Map.of(FeedMethods.POLICY, List.of(W1)));
        directory.update(Map.of(FeedMethods.POLICY, List.of()));
        assertThat(directory.of(FeedMethods.POLICY)).containsExactly(new InetSocketAddress(W1, 9961));
    }

    @Test
    void tellsOfChangesOnly() {
        var told = new int[1];
        var directory = open();
        directory.onChange(() -> told[0]++);
        directory.update(Map.of(FeedMethods.POLICY, List.of(W1)));
        directory.update(Map.of(FeedMethods.POLICY, List.of(W1)));
        assertThat(told[0]).isEqualTo(1);
    }

    @Test
    void beginsEmptyWithAFileThatCannotBeRead() throws Exception {
        Files.writeString(state.resolve("replicas.json"), "{\"policy\": [\"not an address\"]}");
        assertThat(open().of(FeedMethods.POLICY)).isEmpty();
        Files.writeString(state.resolve("replicas.json"), "{");
        assertThat(open().of(FeedMethods.POLICY)).isEmpty();
    }

    private ReplicaDirectory open() {
        return ReplicaDirectory.open(state.resolve("replicas.json"));
    }
}
