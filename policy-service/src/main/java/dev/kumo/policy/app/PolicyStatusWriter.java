// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.StatusWriter;
import dev.kumo.kube.WriteQueue;
import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.crd.PolicyCondition;
import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.crd.PolicyStatus;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyView.Condition;
import dev.kumo.policy.publish.PolicyState;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes condition {@code Valid} of policies of Cilium's kinds where the object says something else. Only the leader calls
 * it, on the planning thread; writes on threads of its own.
 */
@Singleton
public final class PolicyStatusWriter {
    private static final int PARALLELISM = 2;
    /** A write that the watch hasn't shown by then is made again. */
    private static final Duration UNSEEN = Duration.ofSeconds(5);

    private final WriteQueue queue;
    private final StatusWriter statuses;
    private final Clock clock;
    private final Map<PolicyId, Asked> asked = new HashMap<>();

    private record Asked(PolicyState state, Instant at) {}

    PolicyStatusWriter(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.clock = clock;
        this.queue = new WriteQueue("policies", PARALLELISM, metrics);
        this.statuses = new StatusWriter(client, queue, "kumo-policy-service");
    }

    void write(PolicyState state) {
        var id = state.policy().policy().id();
        var found = state.policy().condition();
        var now = clock.instant();
        if (found.filter(condition -> condition.says(state.status(), state.reason(), state.message()))
                .isPresent()) {
            asked.remove(id);
            return;
        }
        var before = asked.get(id);
        if (before == null
                || !before.state().equals(state)
                || before.at().plus(UNSEEN).isBefore(now)) {
            asked.put(id, new Asked(state, now));
            var since = found.filter(condition -> condition.status().equals(state.status()))
                    .map(Condition::since)
                    .filter(text -> !text.isEmpty())
                    .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
            var resource = resource(id);
            resource.setStatus(new PolicyStatus(
                    List.of(new PolicyCondition(
                            PolicyObjects.VALID, state.status(), since, state.reason(), state.message())),
                    null));
            // What the object says differs from what we wrote last, or we never wrote.
            statuses.forget(resource);
            statuses.apply(resource);
        }
    }

    /** Forgets what waits for policies that are gone. */
    void retain(Set<PolicyId> policies) {
        asked.keySet().stream().filter(id -> !policies.contains(id)).toList().forEach(id -> {
            asked.remove(id);
            statuses.forget(resource(id));
        });
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        asked.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private static PolicyResource resource(PolicyId id) {
        PolicyResource resource =
                id.namespace().isEmpty() ? new CiliumClusterwideNetworkPolicy() : new CiliumNetworkPolicy();
        var metadata = new ObjectMetaBuilder().withName(id.name());
        if (!id.namespace().isEmpty()) {
            metadata.withNamespace(id.namespace());
        }
        resource.setMetadata(metadata.build());
        return resource;
    }
}
