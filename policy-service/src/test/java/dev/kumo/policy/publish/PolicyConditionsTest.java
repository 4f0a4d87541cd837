// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.contract.feed.v1.Refusal;
import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.plan.rule.PolicyVerdict;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.stream.AckTable;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.SentBatch;
import dev.kumo.stream.StateItem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyConditionsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ParsedPolicy COLOR = RuleFixture.allow("color", "/color");
    private static final ParsedPolicy EDITED = RuleFixture.allow("color", "/colour");
    private static final Set<String> ALL = Set.of("w1", "w2", "w3");
    private static final NodePresence NODES = new NodePresence(ALL, ALL, ALL);

    private final AckTable acks = new AckTable();
    private final PolicyConditions conditions = new PolicyConditions();
    private final Map<String, Map<ItemKey, PolicyItemState>> reported = new HashMap<>();

    @Test
    void isPendingUntilEveryNodeWithAnEndpointHasAppliedIt() {
        connected("w1", "w2", "w3");
        assertThat(say(COLOR, 1, START)).isEqualTo("False Pending 0 of 2 nodes; waiting: w1, w2");
        applied("w1", COLOR);
        assertThat(say(COLOR, 1, START.plusMillis(5))).isEqualTo("False Pending 1 of 2 nodes; waiting: w2");
        applied("w2", COLOR);
        assertThat(say(COLOR, 1, START.plusMillis(9))).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void aSilentNodeNoLongerHoldsItBackAfterTenSecondsIfAnotherHasAcknowledged() {
        connected("w1", "w2");
        assertThat(say(COLOR, 1, START)).startsWith("False Pending");
        assertThat(conditions.nextCheck()).contains(PolicyConditions.SILENT);
        assertThat(say(COLOR, 1, START.plusSeconds(20))).isEqualTo("False Pending 0 of 2 nodes; waiting: w1, w2");

        applied("w1", COLOR);
        assertThat(say(COLOR, 1, START.plusSeconds(21))).isEqualTo("True Accepted 1 of 2 nodes; waiting: w2");
        applied("w2", COLOR);
        assertThat(say(COLOR, 1, START.plusSeconds(22))).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void oneRefusalMakesItFalseWithThatNodesReasonUntilItIsSolved() {
        applied("w1", COLOR);
        refused("w2", ruleSet());
        assertThat(say(COLOR, 1, START)).isEqualTo("False UNSUPPORTED node w2: Envoy says no");

        applied("w2", COLOR);
        assertThat(say(COLOR, 1, START.plusSeconds(1))).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void anotherPolicysRefusalIsNotItsOwn() {
        applied("w1", COLOR);
        applied("w2", COLOR);
        refused("w3", StateItem.of(RuleItems.CLASSES, "77", Refusal.getDefaultInstance()));

        assertThat(say(COLOR, 1, START)).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void anEditIsPendingAgainButNodesThatComeAndGoChangeNothing() {
        applied("w1", COLOR);
        applied("w2", COLOR);
        assertThat(say(COLOR, 1, START)).startsWith("True");
        connected("w1", "w2");
        assertThat(say(COLOR, 1, START.plusSeconds(30))).isEqualTo("True Accepted 2 of 2 nodes");

        assertThat(say(EDITED, 2, START.plusSeconds(31))).isEqualTo("False Pending 0 of 2 nodes; waiting: w1, w2");
    }

    @Test
    void aNodeThatAnotherReplicaServesReportsHere() {
        applied("w1", COLOR);
        assertThat(say(COLOR, 1, START)).isEqualTo("False Pending 1 of 2 nodes; waiting: w2");
        assertThat(say(COLOR, 1, START.plusSeconds(2))).isEqualTo("False Pending 1 of 2 nodes; waiting: w2");

        RuleFixture.items(COLOR).all().forEach(item -> reports("w2", item, true));
        assertThat(say(COLOR, 1, START.plusSeconds(3))).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void aRefusalThatIsReportedCountsAlsoAfterTheAcknowledgementAndUntilTheNodeReportsOtherwise() {
        applied("w1", COLOR);
        applied("w2", COLOR);
        assertThat(say(COLOR, 1, START)).startsWith("True");
        var ruleSet = ruleSet();
        reports("w2", ruleSet, false);
        assertThat(say(COLOR, 1, START.plusSeconds(1))).isEqualTo("False PROXY_REFUSED node w2: Envoy says no");

        reports("w2", ruleSet, true);
        assertThat(say(COLOR, 1, START.plusSeconds(2))).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void aRefusalOfEarlierContentSaysNothingOfThePresentOne() {
        applied("w1", EDITED);
        applied("w2", EDITED);
        reports("w2", ruleSet(), false);

        assertThat(say(EDITED, 1, START)).isEqualTo("True Accepted 2 of 2 nodes");
    }

    @Test
    void withoutAnyNodeItStaysPending() {
        var nobody = new NodePresence(ALL, ALL, Set.of());

        assertThat(say(RuleFixture.view(COLOR, 1), RuleFixture.plan(COLOR), nobody, START))
                .startsWith("False Pending 0 of 0");
        assertThat(say(RuleFixture.view(COLOR, 1), RuleFixture.plan(COLOR), nobody, START.plusSeconds(60)))
                .startsWith("False Pending 0 of 0");
    }

    @Test
    void whatAnObjectSaysAtFirstSightStandsUntilNodesHaveSpoken() {
        connected("w1", "w2");
        var view = new PolicyView(
                COLOR, "uid", 1, Optional.of(new PolicyView.Condition("True", "Accepted", "2 of 2 nodes", "")));

        assertThat(state(view, RuleFixture.plan(COLOR), NODES, START).stands()).isTrue();
        var edited = new PolicyView(EDITED, "uid", 2, view.condition());
        assertThat(state(edited, RuleFixture.plan(EDITED), NODES, START.plusSeconds(1))
                        .stands())
                .isFalse();
    }

    @Test
    void aPolicyOfNobodyIsValidAtOnceAndStaysSoWhenItsFirstEndpointComes() {
        connected("w1", "w2");
        var idle = RuleFixture.idle("color");
        assertThat(say(idle, 1, START)).isEqualTo("True Accepted selects no endpoint");
        var found = new PolicyView(
                COLOR, "uid-color", 1, Optional.of(new PolicyView.Condition("True", "Accepted", "", "")));

        assertThat(state(found, RuleFixture.plan(COLOR), NODES, START.plusSeconds(1))
                        .stands())
                .isTrue();
    }

    @Test
    void aPolicyThatCannotBePlannedSaysWhy() {
        var view = RuleFixture.view(COLOR, 1);
        var verdict = new PolicyVerdict(COLOR.id(), false, "Invalid", "spec.ingress[0]: nonsense");

        assertThat(conditions.states(List.of(view), List.of(verdict), RuleItems.NOTHING, NODES, answers(), START))
                .containsExactly(PolicyState.refused(view, "Invalid", "spec.ingress[0]: nonsense"));
        assertThat(conditions.nextCheck()).isEqualTo(Optional.<Duration>empty());
    }

    private String say(ParsedPolicy policy, long generation, Instant now) {
        return say(RuleFixture.view(policy, generation), RuleFixture.plan(policy), NODES, now);
    }

    private String say(PolicyView view, RulePlan plan, NodePresence nodes, Instant now) {
        var state = state(view, plan, nodes, now);
        return "%s %s %s".formatted(state.status(), state.reason(), state.message());
    }

    private PolicyState state(PolicyView view, RulePlan plan, NodePresence nodes, Instant now) {
        return conditions
                .states(
                        List.of(view),
                        plan.verdicts(),
                        RuleItems.of(plan, RuleFixture.NODES, RuleItems.NOTHING),
                        nodes,
                        answers(),
                        now)
                .getFirst();
    }

    private NodeAnswers answers() {
        return new NodeAnswers(acks, reported);
    }

    private static StateItem ruleSet() {
        return RuleFixture.items(COLOR)
                .all()
                .filter(item -> item.key().table().equals(RuleItems.RULE_SETS))
                .findFirst()
                .orElseThrow();
    }

    private void reports(String node, StateItem item, boolean applied) {
        var state = PolicyItemState.newBuilder()
                .setTable(item.key().table())
                .setKey(item.key().key());
        reported.computeIfAbsent(node, _ -> new HashMap<>())
                .put(
                        item.key(),
                        applied
                                ? state.setApplied(item.hash()).build()
                                : state.setRefused(item.hash())
                                        .setReason("PROXY_REFUSED")
                                        .setMessage("Envoy says no")
                                        .build());
    }

    private void connected(String... nodes) {
        for (var node : nodes) {
            acks.open(node, Map.of());
        }
    }

    private void applied(String node, ParsedPolicy policy) {
        acks.open(node, RuleFixture.items(policy).all().collect(Collectors.toMap(StateItem::key, StateItem::hash)));
    }

    private void refused(String node, StateItem item) {
        var session = acks.open(node, Map.of());
        session.sending(new SentBatch(1, Map.of(item.key(), item.hash()), Set.of(), false));
        var refusal = Refusal.newBuilder()
                .setItem(item.key().toRef())
                .setReason("UNSUPPORTED")
                .setMessage("Envoy says no")
                .build();
        assertThat(session.acknowledged(1, List.of(refusal))).isTrue();
    }
}
