// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.publish.PolicyState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyStatusWriterTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC);
    private static final PolicyId NAMESPACED = new PolicyId("CiliumNetworkPolicy", "shop", "web");
    private static final PolicyId CLUSTERWIDE = new PolicyId("CiliumClusterwideNetworkPolicy", "", "all");
    private static final PolicyId KUBERNETES = new PolicyId("NetworkPolicy", "shop", "web");

    private final RecordingApiServer api;
    private final PolicyStatusWriter conditions;
    private final PolicyEvents events;

    PolicyStatusWriterTest() throws IOException {
        api = new RecordingApiServer();
        conditions = new PolicyStatusWriter(api.client(), CLOCK, new SimpleMeterRegistry());
        events = new PolicyEvents(api.client(), CLOCK, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        conditions.close();
        events.close();
        api.close();
    }

    @Test
    void appliesTheConditionAloneToTheStatusOfEitherKind() {
        conditions.write(state(NAMESPACED, "True", Optional.empty()));
        var write = only();
        assertThat(write.method()).isEqualTo("PATCH");
        assertThat(write.path()).isEqualTo("/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/web/status");
        assertThat(write.body())
                .contains(
                        "\"type\":\"Valid\"", "\"status\":\"True\"", "\"lastTransitionTime\":\"2026-01-02T00:00:00Z\"")
                .doesNotContain("null", "\"spec\"");

        conditions.write(state(CLUSTERWIDE, "True", Optional.empty()));
        await().untilAsserted(() -> assertThat(api.writes())
                .extracting(RecordingApiServer.Write::path)
                .contains("/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies/all/status"));
    }

    @Test
    void writesNothingWhereTheObjectSaysItAlreadyAndNothingTwice() {
        var said = new PolicyView.Condition("True", "Reason", "message", "2026-01-01T00:00:00Z");
        conditions.write(state(NAMESPACED, "True", Optional.of(said)));
        conditions.write(state(CLUSTERWIDE, "True", Optional.empty()));
        conditions.write(state(CLUSTERWIDE, "True", Optional.empty()));

        assertThat(only().path()).endsWith("/all/status");
    }

    @Test
    void keepsTheTimeOfAStatusThatStays() {
        var said = new PolicyView.Condition("True", "Reason", "another message", "2026-01-01T00:00:00Z");
        conditions.write(state(NAMESPACED, "True", Optional.of(said)));

        assertThat(only().body()).contains("\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"");
    }

    @Test
    void aPolicyThatIsGoneIsNotWrittenAgain() {
        api.answerWith(404);
        conditions.write(state(NAMESPACED, "True", Optional.empty()));
        await().until(() -> !api.writes().isEmpty());
        conditions.retain(Set.of());
        var soFar = api.writes().size();
        api.answerWith(200);
        conditions.write(state(CLUSTERWIDE, "True", Optional.empty()));
        await().until(() -> api.writes().size() > soFar);

        assertThat(api.writes().subList(soFar, api.writes().size()))
                .extracting(RecordingApiServer.Write::path)
                .noneMatch(path -> path.contains("/web/"));
    }

    @Test
    void aNetworkPolicyGetsOneWarningAChange() {
        events.tell(state(KUBERNETES, "False", Optional.empty()));
        events.tell(state(KUBERNETES, "False", Optional.empty()));
        var write = only();
        assertThat(write.path()).isEqualTo("/api/v1/namespaces/shop/events");
        assertThat(write.body())
                .contains(
                        "\"type\":\"Warning\"",
                        "\"reason\":\"Reason\"",
                        "\"message\":\"message\"",
                        "\"kind\":\"NetworkPolicy\"");
    }

    @Test
    void anEventThatAnotherReplicaHasMadeIsFine() {
        api.answerWith(409);
        events.tell(state(KUBERNETES, "False", Optional.empty()));
        await().until(() -> !api.writes().isEmpty());
        events.tell(state(new PolicyId("NetworkPolicy", "shop", "other"), "False", Optional.empty()));
        await().until(() -> api.writes().size() == 2);

        assertThat(api.writes().get(1).body()).contains("\"name\":\"other\"");
    }

    private RecordingApiServer.Write only() {
        await().until(() -> !api.writes().isEmpty());
        assertThat(api.writes()).hasSize(1);
        return api.writes().getFirst();
    }

    private static PolicyState state(PolicyId id, String status, Optional<PolicyView.Condition> condition) {
        var view = new PolicyView(new ParsedPolicy(id, List.of(), List.of(), List.of()), "uid", 1, condition);
        return new PolicyState(view, status, "Reason", "message", false);
    }
}
