// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.WriteQueue;
import dev.kumo.l2announcer.crd.CiliumL2AnnouncementPolicy;
import dev.kumo.l2announcer.crd.L2AnnouncementPolicyStatus;
import dev.kumo.l2announcer.model.ConditionView;
import dev.kumo.l2announcer.plan.PolicyConditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes our conditions into policies' statuses, each policy's at most once a second: they tell of every address. Those of
 * others and the times of those that stay are kept. Asked on the planning thread, writes on a thread of its own.
 */
@Singleton
public final class PolicyStatusWriter {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final LeaderGate leader;
    private final TableSet tables;
    private final Clock clock;
    private final WriteQueue queue;
    private final Map<String, Instant> lastAsked = new HashMap<>();

    PolicyStatusWriter(
            KubernetesClient client, LeaderGate leader, TableSet tables, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.leader = leader;
        this.tables = tables;
        this.clock = clock;
        this.queue = new WriteQueue("policy-statuses", 1, metrics);
    }

    /** Only where the status that was seen says something else: what was written a second ago was seen. */
    void write(String policy, List<ConditionView> conditions) {
        var now = clock.instant();
        lastAsked.values().removeIf(at -> !at.plus(PERIOD).isAfter(now));
        var last = lastAsked.putIfAbsent(policy, now);
        if (last != null) {
            tables.signalIn(Duration.between(now, last.plus(PERIOD)));
            return;
        }
        queue.submit(policy, () -> update(policy, conditions));
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        lastAsked.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private void update(String policy, List<ConditionView> wanted) {
        var found = client.resources(CiliumL2AnnouncementPolicy.class)
                .withName(policy)
                .get();
        if (found == null || !leader.leading()) {
            return;
        }
        var status = found.getStatus();
        var present = status == null || status.conditions() == null ? List.<Condition>of() : status.conditions();
        var merged = merged(present, wanted);
        if (!merged.equals(present)) {
            found.setStatus(new L2AnnouncementPolicyStatus(merged));
            client.resource(found).updateStatus();
        }
    }

    private List<Condition> merged(List<Condition> present, List<ConditionView> wanted) {
        var merged = new ArrayList<Condition>();
        present.stream()
                .filter(condition -> !PolicyConditions.types().contains(condition.getType()))
                .forEach(merged::add);
        for (var view : wanted) {
            var before = present.stream()
                    .filter(condition -> condition.getType().equals(view.type()))
                    .findFirst();
            if (before.filter(condition -> PolicyReader.condition(condition).equals(view))
                    .isPresent()) {
                merged.add(before.get());
            } else {
                merged.add(new ConditionBuilder()
                        .withType(view.type())
                        .withStatus(view.status())
                        .withReason(view.reason())
                        .withMessage(view.message())
                        .withObservedGeneration(view.observedGeneration())
                        .withLastTransitionTime(
                                before.filter(condition -> condition.getStatus().equals(view.status()))
                                        .map(Condition::getLastTransitionTime)
                                        .orElseGet(() -> clock.instant()
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString()))
                        .build());
            }
        }
        return merged;
    }
}
