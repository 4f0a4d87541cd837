// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.WriteQueue;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Writes what we say into objects' statuses where they say something else: reads the object, merges, and updates it at that
 * resourceVersion. (Server-side apply would not do: {@code parents} of a route is one field for all controllers.) Asked on the
 * planning thread by the leader, writes on threads of its own.
 */
@Singleton
public final class StatusUpdates {
    private static final int PARALLELISM = 4;
    /** A write that the watch hasn't shown by then is made again. */
    private static final Duration UNSEEN = Duration.ofSeconds(5);

    private static final Duration DETAILS = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final LeaderGate leader;
    private final TableSet tables;
    private final Clock clock;
    private final WriteQueue queue;
    private final Map<Target, Asked> asked = new HashMap<>();
    private final Map<Target, Said> said = new HashMap<>();
    private final Map<Target, Instant> detailed = new HashMap<>();

    /** An object. @param namespace empty for a cluster-wide one */
    public record Target(ResourceDefinitionContext kind, String namespace, String name, String uid) {
        static Target of(ResourceDefinitionContext kind, ObjectKey key, Observed<?> observed) {
            return new Target(kind, key.namespace(), key.name(), observed.uid());
        }

        @Override
        public String toString() {
            return "%s/%s/%s".formatted(kind.getPlural(), namespace, name);
        }
    }

    private record Asked(Map<String, Object> wanted, Instant at) {}

    /** A status that says what it should. @param word what that is */
    private record Said(Map<String, Object> seen, Object word) {
        boolean isOf(Map<String, Object> otherSeen, Object otherWord) {
            return seen == otherSeen && word.equals(otherWord);
        }
    }

    StatusUpdates(KubernetesClient client, LeaderGate leader, TableSet tables, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.leader = leader;
        this.tables = tables;
        this.clock = clock;
        this.queue = new WriteQueue("statuses", PARALLELISM, metrics);
    }

    /**
     * Asks for a status. Counts and messages alone are written at most once a second, so that a thousand routes that attach to a
     * Gateway, or nodes that confirm it, are a few writes.
     *
     * @param seen the status as the table has it
     * @param word what we say
     * @param document of the word, pure; conditions without lastTransitionTime
     */
    public <W> void write(Target target, Map<String, Object> seen, W word, Function<W, Map<String, Object>> document) {
        var before = said.get(target);
        if (before == null || !before.isOf(seen, word)) {
            said.remove(target);
            if (ask(target, seen, document.apply(word))) {
                said.put(target, new Said(seen, word));
            }
        }
    }

    /** @return whether nothing need be written */
    private boolean ask(Target target, Map<String, Object> seen, Map<String, Object> wanted) {
        var now = clock.instant();
        var present = StatusMerge.canonical(seen);
        var merged = StatusMerge.merge(seen, wanted, GatewayPlanner.CONTROLLER, now);
        if (merged.equals(present)) {
            // A write that still waits would say something older.
            if (asked.remove(target) != null) {
                queue.cancel(target.toString());
            }
            return true;
        }
        if (StatusMerge.withoutDetails(merged).equals(StatusMerge.withoutDetails(present))
                && !isDetailDue(target, now)) {
            return false;
        }
        submit(target, wanted, now);
        return false;
    }

    private boolean isDetailDue(Target target, Instant now) {
        var next = detailed.getOrDefault(target, Instant.MIN);
        if (next.isAfter(now)) {
            tables.signalIn(Duration.between(now, next));
            return false;
        }
        detailed.put(target, now.plus(DETAILS));
        return true;
    }

    private void submit(Target target, Map<String, Object> wanted, Instant now) {
        var before = asked.get(target);
        if (before != null && before.wanted().equals(wanted)) {
            var again = before.at().plus(UNSEEN);
            if (again.isAfter(now) || queue.isPending(target.toString())) {
                tables.signalIn(Duration.between(now, again.isAfter(now) ? again : now.plus(UNSEEN)));
                return;
            }
        }
        asked.put(target, new Asked(wanted, now));
        queue.submit(target.toString(), () -> update(target, wanted));
    }

    /** Forgets objects that are gone. @param rows all there are of the kind */
    public void retain(ResourceDefinitionContext kind, Map<String, ? extends Observed<?>> rows) {
        var uids = rows.values().stream().map(Observed::uid).collect(Collectors.toSet());
        asked.keySet().stream()
                .filter(target -> target.kind() == kind && !uids.contains(target.uid()))
                .toList()
                .forEach(target -> {
                    asked.remove(target);
                    queue.cancel(target.toString());
                });
        Predicate<Target> gone = target -> target.kind() == kind && !uids.contains(target.uid());
        said.keySet().removeIf(gone);
        detailed.keySet().removeIf(gone);
    }

    /** Forgets what waits: another replica leads. */
    public void cancel() {
        queue.cancelAll();
        asked.clear();
        said.clear();
        detailed.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private void update(Target target, Map<String, Object> wanted) {
        var kind = client.genericKubernetesResources(target.kind());
        var objects = target.namespace().isEmpty() ? kind : kind.inNamespace(target.namespace());
        var found = objects.withName(target.name()).get();
        if (found == null || !target.uid().equals(found.getMetadata().getUid()) || !leader.leading()) {
            return;
        }
        var present = status(found);
        var merged = StatusMerge.merge(present, wanted, GatewayPlanner.CONTROLLER, clock.instant());
        if (!merged.equals(StatusMerge.canonical(present))) {
            found.setAdditionalProperty("status", merged);
            objects.resource(found).updateStatus();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> status(GenericKubernetesResource resource) {
        return resource.get("status") instanceof Map<?, ?> status ? (Map<String, Object>) status : Map.of();
    }
}
