// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import static dev.kumo.dataplane.node.Items.entry;
import static dev.kumo.dataplane.node.Items.node;
import static dev.kumo.dataplane.node.Items.removes;
import static dev.kumo.dataplane.node.Items.upserts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FeedGateTest {
    private static final Entry OWN = entry(node("w1", "172.18.0.11", "10.244.1.0/24"));
    private static final Entry OTHER = entry(node("w2", "172.18.0.12", "10.244.2.0/24"));

    private final FeedGate gate = new FeedGate("w1");
    private final List<DesiredChange> taken = new ArrayList<>();

    @Test
    void letsPolicyGoOnUntilItHasBroughtTheOwnNodeThenHoldsIt() throws Exception {
        assertThat(gate.pass(upserts(false, OTHER)).toCompletableFuture()).isCompletedWithValue(List.of());

        var waiting = gate.pass(upserts(true, OWN)).toCompletableFuture();

        assertThat(waiting).isNotDone();
        assertThat(gate.awaitOwnNode().address()).isEqualTo(Address.of("172.18.0.11"));

        var refusals = List.of(new ItemRefusal(Table.NODES.item("w1"), Reason.KERNEL_ERROR, "no"));
        gate.open(change -> {
            taken.add(change);
            return CompletableFuture.completedFuture(refusals);
        });

        assertThat(waiting).isCompletedWithValue(refusals);
        assertThat(taken).singleElement().satisfies(change -> {
            assertThat(change.upserts()).containsExactly(OWN, OTHER);
            assertThat(change.inSync()).isTrue();
        });
    }

    @Test
    void holdsEveryOtherFeedFromItsFirstChangeOn() {
        var change = new DesiredChange(FeedMethods.SERVICE, List.of(), List.of(), false);
        var waiting = gate.pass(change).toCompletableFuture();
        assertThat(waiting).isNotDone();
        var opened = gate.open(this::take).toCompletableFuture();
        assertThat(waiting).isCompletedWithValue(List.of());
        assertThat(opened).isCompleted();
    }

    @Test
    void forgetsWhatWasTakenBackBeforeItOpened() {
        gate.pass(upserts(false, OTHER));
        gate.pass(removes(false, Table.NODES.item("w2")));
        gate.pass(upserts(true, OWN));
        gate.open(this::take);
        assertThat(taken).singleElement().satisfies(change -> {
            assertThat(change.upserts()).containsExactly(OWN);
            assertThat(change.removes()).containsExactly(Table.NODES.item("w2"));
        });
    }

    @Test
    void handsChangesStraightOnOnceOpen() {
        gate.open(this::take);
        gate.pass(upserts(true, OTHER));
        assertThat(taken).containsExactly(upserts(true, OTHER));
    }

    @Test
    void waitsForANodeThatHasItsPodRange() {
        var bare = node("w1", "172.18.0.11", "10.244.1.0/24").toBuilder()
                .clearPodRanges()
                .build();
        assertThat(gate.pass(upserts(true, entry(bare))).toCompletableFuture()).isCompleted();
    }

    @Test
    void aStoredOwnNodeThatNothingCanBeBuiltForGivesWayToTheFeedsNextOne() throws Exception {
        var stale = entry(node("w1", "172.18.0.99", "10.244.1.0/24"));
        var first = gate.pass(upserts(true, stale, OTHER)).toCompletableFuture();

        gate.refuse(Reason.NODE_NOT_READY, "no device holds the node's address 172.18.0.99");

        assertThat(first.join()).extracting(ItemRefusal::key).containsExactly(stale.key(), OTHER.key());
        var second = gate.pass(upserts(true, OWN)).toCompletableFuture();
        assertThat(gate.awaitOwnNode().address()).isEqualTo(Address.of("172.18.0.11"));
        gate.open(this::take);
        assertThat(second).isCompletedWithValue(List.of());
        assertThat(taken)
                .singleElement()
                .satisfies(change -> assertThat(change.upserts()).containsExactly(OWN, OTHER));
    }

    private CompletableFuture<List<ItemRefusal>> take(DesiredChange change) {
        taken.add(change);
        return CompletableFuture.completedFuture(List.of());
    }
}
