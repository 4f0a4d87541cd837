// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedChange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PolicyStatesTest {
    private static final StateItem CLASS =
            StateItem.of("classes", "7", PolicyClass.newBuilder().setNumber(7).build());
    private static final StateItem RULES =
            StateItem.of("rule_sets", "9", HttpRuleSet.newBuilder().setNumber(9).build());

    private final Map<ItemKey, StateItem> said = new TreeMap<>();
    private final PolicyStates states = new PolicyStates(item -> said.put(item.key(), item), said::remove);

    @Test
    void tellsWhatIsInForceByItsHashAndNothingOfOtherTables() {
        applied(List.of(CLASS, RULES, StateItem.of("nodes", "w1", Node.getDefaultInstance())));

        assertThat(said.keySet())
                .containsExactly(
                        new ItemKey("policy_states", "classes/7"), new ItemKey("policy_states", "rule_sets/9"));
        assertThat(state(CLASS).getApplied()).isEqualTo(CLASS.hash());
        assertThat(state(CLASS).getRefused()).isZero();
    }

    @Test
    void tellsARefusalWithItsReasonAndThatItIsOver() {
        states.standing(List.of(refusal(CLASS, Reason.MAP_FULL)));
        applied(List.of(CLASS), refusal(CLASS, Reason.MAP_FULL));
        assertThat(state(CLASS).getApplied()).isZero();
        assertThat(state(CLASS).getRefused()).isEqualTo(CLASS.hash());
        assertThat(state(CLASS).getReason()).isEqualTo("MAP_FULL");

        states.standing(List.of());
        assertThat(state(CLASS).getApplied()).isEqualTo(CLASS.hash());
        assertThat(state(CLASS).getReason()).isEmpty();
    }

    @Test
    void tellsWhatEnvoyRefusesAfterTheAcknowledgement() {
        applied(List.of(CLASS, RULES));
        states.standing(List.of(refusal(RULES, Reason.PROXY_REFUSED)));

        assertThat(state(RULES).getRefused()).isEqualTo(RULES.hash());
        assertThat(state(CLASS).getApplied()).isEqualTo(CLASS.hash());
    }

    @Test
    void whatCouldNotBeReadStaysRefusedUntilItsContentChanges() {
        applied(List.of(CLASS), refusal(CLASS, Reason.MALFORMED));
        states.standing(List.of());
        assertThat(state(CLASS).getReason()).isEqualTo("MALFORMED");

        applied(List.of(CLASS));
        assertThat(state(CLASS).getApplied()).isEqualTo(CLASS.hash());
    }

    @Test
    void saysNothingOfWhatTheNodeNoLongerHolds() {
        applied(List.of(CLASS, RULES));
        apply(new FeedChange(List.of(), List.of(CLASS.key()), false));
        states.standing(List.of(refusal(CLASS, Reason.MAP_FULL)));

        assertThat(said.keySet()).containsExactly(new ItemKey("policy_states", "rule_sets/9"));
    }

    private void applied(List<StateItem> items, ItemRefusal... refusals) {
        apply(new FeedChange(items, List.of(), true), refusals);
    }

    private void apply(FeedChange change, ItemRefusal... refusals) {
        states.over(_ -> CompletableFuture.completedFuture(List.of(refusals)))
                .apply(change)
                .toCompletableFuture()
                .join();
    }

    private PolicyItemState state(StateItem item) {
        try {
            var key = item.key().table() + "/" + item.key().key();
            return PolicyItemState.parseFrom(
                    said.get(new ItemKey("policy_states", key)).value());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static ItemRefusal refusal(StateItem item, Reason reason) {
        return new ItemRefusal(item.key(), reason, "no");
    }
}
