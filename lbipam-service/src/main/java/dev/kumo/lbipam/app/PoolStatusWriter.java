// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.kube.TableSet;
import dev.kumo.kube.WriteQueue;
import dev.kumo.lbipam.crd.CiliumLoadBalancerIPPool;
import dev.kumo.lbipam.crd.LoadBalancerIpPoolStatus;
import dev.kumo.lbipam.plan.address.Conditions;
import dev.kumo.lbipam.plan.address.PoolAllocation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes our conditions into pools' statuses, each pool's at most once a second: its counts change with every Service. Asked
 * on the planning thread, writes on a thread of its own.
 */
@Singleton
public final class PoolStatusWriter {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final TableSet tables;
    private final Clock clock;
    private final WriteQueue queue;
    private final Map<String, Instant> lastAsked = new HashMap<>();
    private final Unseen<String, PoolAllocation> unseen = new Unseen<>();

    PoolStatusWriter(KubernetesClient client, TableSet tables, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.tables = tables;
        this.clock = clock;
        this.queue = new WriteQueue("pool-statuses", 1, metrics);
    }

    /** @param seen the resourceVersion that the table of pools has reached */
    void forgetSeen(long seen) {
        unseen.forgetSeen(seen);
    }

    /** @param outdated whether the status that was seen says something else */
    void write(PoolAllocation allocation, boolean outdated) {
        var pool = allocation.pool();
        if (!unseen.isDue(pool, allocation, outdated)) {
            return;
        }
        var now = clock.instant();
        lastAsked.values().removeIf(at -> !at.plus(PERIOD).isAfter(now));
        var last = lastAsked.putIfAbsent(pool, now);
        if (last != null) {
            tables.signalIn(Duration.between(now, last.plus(PERIOD)));
            return;
        }
        unseen.ask(pool, allocation);
        queue.submit(pool, () -> unseen.written(pool, allocation, update(allocation)));
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        unseen.clear();
        lastAsked.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private long update(PoolAllocation allocation) {
        var found = client.resources(CiliumLoadBalancerIPPool.class)
                .withName(allocation.pool())
                .get();
        if (found == null) {
            return Unseen.GONE;
        }
        var present = found.getStatus() == null ? null : found.getStatus().conditions();
        found.setStatus(new LoadBalancerIpPoolStatus(
                ConditionMerge.merge(present, allocation.conditions(), Conditions.OF_POOL, clock.instant())));
        return Long.parseLong(
                client.resource(found).updateStatus().getMetadata().getResourceVersion());
    }
}
