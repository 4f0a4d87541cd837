// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.plan.IngressPlan.Problem;
import dev.kumo.kube.WarningEvents;
import dev.kumo.kube.WarningEvents.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells in Events what is wrong with Ingresses, whose status has no conditions: once a change. Only the leader calls it, on the
 * planning thread.
 */
@Singleton
public final class IngressEvents {
    private final WarningEvents events;
    private final Map<ObjectKey, Set<Problem>> told = new HashMap<>();

    IngressEvents(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.events = new WarningEvents(client, clock, metrics, "kumo-gateway-service");
    }

    /** @param problems all that stand: what went and comes back is news */
    void tell(ObjectKey ingress, String uid, long generation, List<Problem> problems) {
        var before = told.getOrDefault(ingress, Set.of());
        told.put(ingress, new HashSet<>(problems));
        var subject =
                new Subject("networking.k8s.io/v1", "Ingress", ingress.namespace(), ingress.name(), uid, generation);
        problems.stream()
                .filter(problem -> !before.contains(problem))
                .forEach(problem -> events.submit(events.event(subject, problem.reason(), problem.message())));
    }

    void retain(Set<ObjectKey> ingresses) {
        told.keySet().retainAll(ingresses);
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
