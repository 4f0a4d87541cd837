// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.dataplane.feed.FeedInlet;
import dev.kumo.dataplane.feed.MutatedItems;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

class ServiceFeedFuzzTest {
    private static final Facts STANDING = Facts.of(
            "{node: w1, addresses: [172.18.0.11]}",
            "{service: shop/web, cluster: [10.96.1.1], ports: [{port: 80}]}",
            "{backend: shop/web, at: '10.244.1.5:80', on: w1}");
    private static final MutatedItems ITEMS = new MutatedItems(
            FakeNode.items(Facts.of(
                    """
                    {service: fuzz/all, cluster: [10.96.2.1], loadBalancer: [172.18.0.200], external: [172.18.0.201],
                     ports: [{port: 80}], externalPolicy: local, healthCheckNodePort: 30099, affinity: 10,
                     sourceRanges: [172.18.0.0/16], algorithm: maglev}
                    """,
                    "{service: fuzz/plain, cluster: [10.96.2.2], ports: [{port: 443}]}",
                    "{backend: fuzz/all, at: '10.244.1.6:80', on: w1}",
                    "{backend: fuzz/all, at: '10.244.2.6:80', on: w2}",
                    "{backend: fuzz/plain, at: '10.244.1.7:443', on: w1}")),
            Map.of("services", Service.getDefaultInstance(), "backends", Backend.getDefaultInstance()));

    @TempDir
    Path directory;

    /** Whatever an item says, others are served on, and when it is gone nothing of it is left. */
    @FuzzTest
    void anItemOfAnyContentLeavesOthersAlone(FuzzedDataProvider data) throws IOException {
        Files.deleteIfExists(directory.resolve("numbers.json"));
        var node = new FakeNode(directory);
        node.become(STANDING);
        var standing = node.served();
        var inlet = new FeedInlet(FeedMethods.SERVICE, false, change -> {
            node.take(change);
            return CompletableFuture.completedFuture(List.of());
        });
        var items = ITEMS.some(data);

        inlet.apply(new FeedChange(items, List.of(), true))
                .toCompletableFuture()
                .join();
        assertThat(node.served()).containsAllEntriesOf(standing);

        var keys = items.stream().map(StateItem::key).distinct().toList();
        inlet.apply(new FeedChange(List.of(), keys, true)).toCompletableFuture().join();
        assertThat(node.served()).isEqualTo(standing);
    }
}
