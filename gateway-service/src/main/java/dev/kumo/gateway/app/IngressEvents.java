// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.plan.IngressPlan.Problem;
import dev.kumo.kube.WriteQueue;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Tells in Events what is wrong with Ingresses, whose status has no conditions: once a change, whichever replica leads, since
 * the Event's name follows from what it says. Only the leader calls it, on the planning thread.
 */
@Singleton
public final class IngressEvents {
    private static final Logger LOG = Logger.getLogger(IngressEvents.class);
    private static final String COMPONENT = "kumo-gateway-service";
    /** An Event's message may have 1024 characters. */
    private static final int LONGEST = 1024;

    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final WriteQueue queue;
    private final Clock clock;
    private final Map<ObjectKey, Set<Problem>> told = new HashMap<>();

    IngressEvents(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.clock = clock;
        this.queue = new WriteQueue("events", 1, metrics);
    }

    /** @param problems all that stand: what went and comes back is news */
    void tell(ObjectKey ingress, String uid, long generation, List<Problem> problems) {
        var before = told.getOrDefault(ingress, Set.of());
        told.put(ingress, new HashSet<>(problems));
        problems.stream().filter(problem -> !before.contains(problem)).forEach(problem -> {
            var event = event(ingress, uid, generation, problem);
            queue.submit(ingress.namespace() + "/" + event.getMetadata().getName(), () -> create(event));
        });
    }

    void retain(Set<ObjectKey> ingresses) {
        told.keySet().retainAll(ingresses);
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

    private Event event(ObjectKey ingress, String uid, long generation, Problem problem) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var message = problem.message().length() <= LONGEST
                ? problem.message()
                : problem.message().substring(0, LONGEST);
        var content = "%s %d %s %s".formatted(uid, generation, problem.reason(), problem.message());
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(ingress.namespace())
                .withName("%s.%s"
                        .formatted(ingress.name(), UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8))))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("networking.k8s.io/v1")
                .withKind("Ingress")
                .withNamespace(ingress.namespace())
                .withName(ingress.name())
                .withUid(uid)
                .endInvolvedObject()
                .withType("Warning")
                .withReason(problem.reason())
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
