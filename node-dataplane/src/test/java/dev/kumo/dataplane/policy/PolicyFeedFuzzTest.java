// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.any;
import static dev.kumo.dataplane.policy.Classes.change;
import static dev.kumo.dataplane.policy.Classes.egress;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.ingress;
import static dev.kumo.dataplane.policy.Classes.rules;
import static dev.kumo.dataplane.policy.Classes.slot;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.Identity;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.feed.FeedInlet;
import dev.kumo.dataplane.feed.MutatedItems;
import dev.kumo.dataplane.node.Items;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class PolicyFeedFuzzTest {
    private static final int STANDING = 1_234_567;
    private static final MutatedItems ITEMS = new MutatedItems(
            items(
                    entry(ingress(7, tcp(from(300), 8080), tcp(any(), 80).setSlot(11), from("203.0.113.0/24"))
                            .addSlots(slot(11, 11))),
                    entry(egress(9, tcp(from("198.51.100.0/24"), 443), from(2).setDeny(true))),
                    rules(11, "GET", "/v[12]/.*"),
                    Items.entry(Items.node("w2", "172.18.0.12", "10.244.2.0/24")),
                    Items.entry(Items.address("10.244.2.20", 300, "w2"))),
            Map.of(
                    "classes", PolicyClass.getDefaultInstance(),
                    "rule_sets", HttpRuleSet.getDefaultInstance(),
                    "nodes", Node.getDefaultInstance(),
                    "addresses", AddressIdentity.getDefaultInstance(),
                    "endpoints", Endpoint.getDefaultInstance(),
                    "identities", Identity.getDefaultInstance()));

    @TempDir
    Path directory;

    private static Map<ItemKey, Message> items(DesiredChange.Entry... entries) {
        var items = new TreeMap<ItemKey, Message>();
        Stream.of(entries).forEach(entry -> items.put(entry.key(), (Message) entry.message()));
        return items;
    }

    /** Whatever an item says, the class of another holds on, and when it is gone nothing of it is left. */
    @FuzzTest
    void anItemOfAnyContentLeavesOthersAlone(FuzzedDataProvider data) throws IOException {
        forget();
        var node = new PolicyNode(directory);
        node.become(change(entry(ingress(STANDING, tcp(from(300), 8080)))));
        var rows = node.addresses.contents();
        var inlet = new FeedInlet(FeedMethods.POLICY, false, change -> {
            node.become(change);
            return CompletableFuture.completedFuture(List.of());
        });
        var items = ITEMS.some(data);

        inlet.apply(new FeedChange(items, List.of(), true))
                .toCompletableFuture()
                .join();
        assertStands(node);

        var keys = items.stream().map(StateItem::key).toList();
        inlet.apply(new FeedChange(List.of(), keys, true)).toCompletableFuture().join();
        assertStands(node);
        assertThat(node.classes.contents()).containsOnlyKeys(Integer.toString(STANDING));
        assertThat(node.addresses.contents()).isEqualTo(rows);
    }

    private static void assertStands(PolicyNode node) {
        assertThat(node.verdict(STANDING, FlowDirection.INGRESS, 300, Classes.TCP, 8080))
                .isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(STANDING, FlowDirection.INGRESS, 301, Classes.TCP, 8080))
                .isEqualTo(Judge.DENIED);
    }

    /** What an earlier node has written. */
    private void forget() throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
