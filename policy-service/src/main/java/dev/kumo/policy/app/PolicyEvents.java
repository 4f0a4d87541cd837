// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.WriteQueue;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.publish.PolicyState;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Tells in Events what is wrong with NetworkPolicies, whose kind has no status: once a change, whichever replica leads,
 * since the Event's name follows from what it says. Only the leader calls it, on the planning thread.
 */
@Singleton
public final class PolicyEvents {
    private static final Logger LOG = Logger.getLogger(PolicyEvents.class);
    private static final String COMPONENT = "kumo-policy-service";
    /** An Event's message may have 1024 characters. */
    private static final int LONGEST = 1024;

    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final WriteQueue queue;
    private final Clock clock;
    private final Map<PolicyId, String> told = new HashMap<>();

    PolicyEvents(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.clock = clock;
        this.queue = new WriteQueue("events", 1, metrics);
    }

    void tell(PolicyState state) {
        var event = event(state);
        var name = event.getMetadata().getName();
        if (!name.equals(told.put(state.policy().policy().id(), name))) {
            queue.submit(event.getMetadata().getNamespace() + "/" + name, () -> create(event));
        }
    }

    /** Forgets policies that are gone or in order: what they do wrong next is news. */
    void retain(Set<PolicyId> policies) {
        told.keySet().retainAll(policies);
    }

    void cancel() {
        queue.cancelAll();
        told.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    /** One that the API server refuses for good, as where its namespace ends, is not made again. */
    private void create(Event event) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() < 400 || e.getCode() >= 500) {
                throw e;
            }
            if (e.getCode() != CONFLICT) {
                LOG.warnf(
                        "event %s/%s: %s",
                        event.getMetadata().getNamespace(), event.getMetadata().getName(), e.getMessage());
            }
        }
    }

    private Event event(PolicyState state) {
        var id = state.policy().policy().id();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var message = state.message().length() <= LONGEST
                ? state.message()
                : state.message().substring(0, LONGEST);
        var content = "%s %d %s %s"
                .formatted(state.policy().uid(), state.policy().generation(), state.reason(), state.message());
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(id.namespace())
                .withName(
                        "%s.%s".formatted(id.name(), UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8))))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("networking.k8s.io/v1")
                .withKind(id.kind())
                .withNamespace(id.namespace())
                .withName(id.name())
                .withUid(state.policy().uid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason(state.reason())
                .withMessage(message)
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }
}
