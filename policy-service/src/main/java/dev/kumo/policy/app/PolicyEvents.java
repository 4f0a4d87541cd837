// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.WarningEvents;
import dev.kumo.kube.WarningEvents.Subject;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.publish.PolicyState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tells in Events what is wrong with NetworkPolicies, whose kind has no status: once a change. Only the leader calls it, on the
 * planning thread.
 */
@Singleton
public final class PolicyEvents {
    private final WarningEvents events;
    /** Policy → name of the Event that was told last. */
    private final Map<PolicyId, String> told = new HashMap<>();

    PolicyEvents(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.events = new WarningEvents(client, clock, metrics, "kumo-policy-service");
    }

    void tell(PolicyState state) {
        var id = state.policy().policy().id();
        var subject = new Subject(
                "networking.k8s.io/v1",
                id.kind(),
                id.namespace(),
                id.name(),
                state.policy().uid(),
                state.policy().generation());
        var event = events.event(subject, state.reason(), state.message());
        var name = event.getMetadata().getName();
        if (!name.equals(told.put(id, name))) {
            events.submit(event);
        }
    }

    /** Forgets policies that are gone or in order: what they do wrong next is news. */
    void retain(Set<PolicyId> policies) {
        told.keySet().retainAll(policies);
    }

    void cancel() {
        events.cancel();
        told.clear();
    }

    @PreDestroy
    void close() {
        events.close();
    }
}
