// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.plan.TrustAction.CreateAuthority;
import dev.kumo.policy.plan.TrustAction.DropPrevious;
import dev.kumo.policy.plan.TrustAction.IssueLeaf;
import dev.kumo.policy.plan.TrustAction.Publish;
import dev.kumo.policy.plan.TrustAction.RenewAuthority;
import dev.kumo.policy.plan.TrustState.Authority;
import dev.kumo.policy.plan.TrustState.Leaf;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrustPlannerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration CA_LIFE = Duration.ofDays(900);
    private static final Duration LEAF_LIFE = Duration.ofDays(90);
    private static final Optional<String> NONE = Optional.empty();

    private final TrustPlanner planner = new TrustPlanner(Set.of("policy-service", "gateway-service"), LEAF_LIFE);

    @Test
    void makesTheAuthorityFirstAndNothingElseInTheSameTurn() {
        assertThat(planner.plan(state(Optional.empty(), Map.of(), Set.of()), START))
                .containsExactly(new CreateAuthority());
    }

    @Test
    void publishesANewAuthorityAndIssuesEveryLeaf() {
        assertThat(planner.plan(state(authority("a", START, NONE), Map.of(), Set.of()), START))
                .containsExactly(new Publish(), new IssueLeaf("gateway-service"), new IssueLeaf("policy-service"));
    }

    @Test
    void hasNothingToDoWhileEverythingIsInTheFirstTwoThirdsOfItsLife() {
        assertThat(planner.plan(steady(), START.plus(Duration.ofDays(59)))).isEmpty();
    }

    @Test
    void renewsALeafAtTwoThirdsOfItsLife() {
        assertThat(planner.plan(steady(), START.plus(Duration.ofDays(60))))
                .containsExactly(new IssueLeaf("gateway-service"), new IssueLeaf("policy-service"));
    }

    @Test
    void renewsTheAuthorityAtTwoThirdsOfItsLifeBeforeAnyLeaf() {
        assertThat(planner.plan(steady(), START.plus(Duration.ofDays(600)))).containsExactly(new RenewAuthority());
    }

    @Test
    void aLeafOfThePreviousAuthorityServesUntilTheNewOneIsTrustedEverywhere() {
        var renewed = START.plus(Duration.ofDays(600));
        var state = state(
                authority("b", renewed, Optional.of("a")),
                Map.of("policy-service", leaf("a", renewed), "gateway-service", leaf("b", renewed)),
                Set.of("a", "b"));

        assertThat(planner.plan(state, renewed.plus(TrustPlanner.DISTRIBUTION).minusSeconds(1)))
                .isEmpty();
        assertThat(planner.plan(state, renewed.plus(TrustPlanner.DISTRIBUTION)))
                .containsExactly(new IssueLeaf("policy-service"));
    }

    @Test
    void publishesBothAuthoritiesWhileThePreviousOneIsTrusted() {
        var renewed = START.plus(Duration.ofDays(600));
        var leaves = Map.of("policy-service", leaf("a", renewed), "gateway-service", leaf("a", renewed));

        assertThat(planner.plan(state(authority("b", renewed, Optional.of("a")), leaves, Set.of("a")), renewed))
                .containsExactly(new Publish());
    }

    @Test
    void dropsThePreviousAuthorityAfterTheLifeOfALeaf() {
        var renewed = START.plus(Duration.ofDays(600));
        var state = state(
                authority("b", renewed, Optional.of("a")),
                Map.of("policy-service", leaf("b", renewed), "gateway-service", leaf("b", renewed)),
                Set.of("a", "b"));

        assertThat(planner.plan(state, renewed.plus(LEAF_LIFE))).containsExactly(new DropPrevious());
    }

    @Test
    void aLeafOfAnUnknownAuthorityIsReplacedAtOnce() {
        var state = state(
                authority("a", START, NONE),
                Map.of("policy-service", leaf("", START), "gateway-service", leaf("a", START)),
                Set.of("a"));

        assertThat(planner.plan(state, START)).containsExactly(new IssueLeaf("policy-service"));
    }

    private static TrustState steady() {
        return state(
                authority("a", START, NONE),
                Map.of("policy-service", leaf("a", START), "gateway-service", leaf("a", START)),
                Set.of("a"));
    }

    private static TrustState state(Optional<Authority> authority, Map<String, Leaf> leaves, Set<String> published) {
        return new TrustState(authority, new TreeMap<>(leaves), published);
    }

    private static Optional<Authority> authority(String fingerprint, Instant from, Optional<String> previous) {
        return Optional.of(new Authority(fingerprint, new Validity(from, from.plus(CA_LIFE)), previous));
    }

    private static Leaf leaf(String issuer, Instant from) {
        return new Leaf(new Validity(from, from.plus(LEAF_LIFE)), issuer);
    }
}
