// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.node.Items;
import dev.kumo.stream.Audience;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FeedInletTest {
    private static final StateItem GOOD = StateItem.of("nodes", "w2", Items.node("w2", "172.18.0.12", "10.244.2.0/24"));

    private final List<DesiredChange> taken = new ArrayList<>();

    @Test
    void refusesBadItemsOneByOneAndHandsOnTheGoodOne() {
        var garbage = new StateItem(
                new ItemKey("nodes", "w3"), 0, ByteString.copyFrom(new byte[] {-1, -1, -1}), Audience.everyNode());
        var shortAddress = StateItem.of(
                "addresses",
                "10.0.0.1",
                AddressIdentity.newBuilder()
                        .setAddress(ByteString.copyFrom(new byte[4]))
                        .setIdentity(300)
                        .setNode("w2")
                        .build());
        var unknown = StateItem.of("wishes", "a", Node.getDefaultInstance());
        var inlet = inlet(false, List.of());

        var refusals = inlet.apply(new FeedChange(List.of(garbage, GOOD, shortAddress, unknown), List.of(), false))
                .toCompletableFuture()
                .join();

        assertThat(refusals)
                .extracting(ItemRefusal::key, ItemRefusal::reason)
                .containsExactly(
                        tuple(garbage.key(), Reason.MALFORMED),
                        tuple(shortAddress.key(), Reason.MALFORMED),
                        tuple(unknown.key(), Reason.UNSUPPORTED));
        assertThat(taken)
                .singleElement()
                .satisfies(change -> assertThat(change.upserts(Table.NODES)).containsOnlyKeys("w2"));
    }

    @Test
    void refusesWhatIsUnderAnothersKey() {
        var service = StateItem.of(
                "services",
                "shop/api",
                Service.newBuilder().setNamespace("shop").setName("web").build());
        var rules = StateItem.of(
                "rule_sets", "8", HttpRuleSet.newBuilder().setNumber(9).build());
        var policyClass = StateItem.of(
                "classes", "a", PolicyClass.newBuilder().setNumber(9).build());
        assertThat(refusals(FeedMethods.SERVICE, service))
                .extracting(ItemRefusal::key, ItemRefusal::reason)
                .containsExactly(tuple(service.key(), Reason.MALFORMED));
        assertThat(refusals(FeedMethods.POLICY, rules, policyClass))
                .extracting(ItemRefusal::key, ItemRefusal::reason)
                .containsExactly(tuple(rules.key(), Reason.MALFORMED), tuple(policyClass.key(), Reason.MALFORMED));
        assertThat(taken).allMatch(change -> change.upserts().isEmpty());
    }

    private List<ItemRefusal> refusals(FeedMethods feed, StateItem... items) {
        var inlet = new FeedInlet(feed, false, change -> {
            taken.add(change);
            return CompletableFuture.completedFuture(List.of());
        });
        return inlet.apply(new FeedChange(List.of(items), List.of(), false))
                .toCompletableFuture()
                .join();
    }

    @Test
    void addsWhatManagersRefuse() {
        var refusal = new ItemRefusal(GOOD.key(), Reason.MAP_FULL, "no room");
        var refusals = inlet(false, List.of(refusal))
                .apply(new FeedChange(List.of(GOOD), List.of(), false))
                .toCompletableFuture()
                .join();
        assertThat(refusals).containsExactly(refusal);
    }

    @Test
    void isCompleteFromTheFirstInSyncOnAndStaysSo() {
        var inlet = inlet(false, List.of());
        inlet.apply(new FeedChange(List.of(GOOD), List.of(), false));
        assertThat(inlet.isComplete()).isFalse();
        inlet.apply(new FeedChange(List.of(), List.of(), true));
        inlet.apply(new FeedChange(List.of(), List.of(), false));
        assertThat(inlet.isComplete()).isTrue();
        assertThat(taken).extracting(DesiredChange::inSync).containsExactly(false, true, true);
        assertThat(inlet.changes()).as("that nothing has changed is no change").isOne();
    }

    @Test
    void takesTheStateOnDiskForComplete() {
        var inlet = inlet(true, List.of());
        inlet.apply(new FeedChange(List.of(GOOD), List.of(), false));
        assertThat(taken).extracting(DesiredChange::inSync).containsExactly(true);
    }

    private FeedInlet inlet(boolean restored, List<ItemRefusal> answer) {
        return new FeedInlet(FeedMethods.POLICY, restored, change -> {
            taken.add(change);
            return CompletableFuture.completedFuture(answer);
        });
    }
}
