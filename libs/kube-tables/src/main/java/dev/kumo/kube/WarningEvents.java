// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Events (core/v1) of type Warning about objects whose status has no place for what is wrong with them. An Event's name follows
 * from what it says, so the same is said once, whichever replica says it. Any thread; writes on the queue's.
 */
public final class WarningEvents implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WarningEvents.class);
    /** An Event's message may have 1024 characters. */
    private static final int LONGEST = 1024;

    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final Clock clock;
    private final String component;
    private final WriteQueue queue;

    /** The object that an Event is about, as it was read. */
    public record Subject(String apiVersion, String kind, String namespace, String name, String uid, long generation) {}

    /** @param component who says it, such as kumo-policy-service */
    public WarningEvents(KubernetesClient client, Clock clock, MeterRegistry metrics, String component) {
        this.client = client;
        this.clock = clock;
        this.component = component;
        this.queue = new WriteQueue("events", 1, metrics);
    }

    /** The Event that says so; not written yet. */
    public Event event(Subject subject, String reason, String message) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var content = "%s %d %s %s".formatted(subject.uid(), subject.generation(), reason, message);
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(subject.namespace())
                .withName("%s.%s"
                        .formatted(subject.name(), UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8))))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(subject.apiVersion())
                .withKind(subject.kind())
                .withNamespace(subject.namespace())
                .withName(subject.name())
                .withUid(subject.uid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message.length() <= LONGEST ? message : message.substring(0, LONGEST))
                .withNewSource()
                .withComponent(component)
                .endSource()
                .withReportingComponent(component)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }

    /** Writes it; one that is there already stands. */
    public void submit(Event event) {
        queue.submit(
                event.getMetadata().getNamespace() + "/" + event.getMetadata().getName(), () -> create(event));
    }

    /** Drops what is not written yet. */
    public void cancel() {
        queue.cancelAll();
    }

    @Override
    public void close() {
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
}
