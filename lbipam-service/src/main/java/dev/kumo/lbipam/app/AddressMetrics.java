// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.plan.address.AllocationPlan;
import dev.kumo.lbipam.plan.address.PoolAllocation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** How pools and Services stand: gauges {@code kumo_lbipam_…}, after Cilium's {@code cilium_operator_lbipam_…}. */
@Singleton
public final class AddressMetrics {
    private final AtomicLong conflicting = new AtomicLong();
    private final AtomicLong matching = new AtomicLong();
    private final AtomicLong unsatisfied = new AtomicLong();
    private final MultiGauge available;
    private final MultiGauge used;

    AddressMetrics(MeterRegistry metrics) {
        Gauge.builder("kumo.lbipam.conflicting.pools", conflicting, AtomicLong::get)
                .register(metrics);
        Gauge.builder("kumo.lbipam.services.matching", matching, AtomicLong::get)
                .register(metrics);
        Gauge.builder("kumo.lbipam.services.unsatisfied", unsatisfied, AtomicLong::get)
                .register(metrics);
        available = MultiGauge.builder("kumo.lbipam.ips.available").register(metrics);
        used = MultiGauge.builder("kumo.lbipam.ips.used").register(metrics);
    }

    void show(AllocationPlan plan) {
        conflicting.set(plan.pools().values().stream()
                .filter(PoolAllocation::conflicting)
                .count());
        var ours = plan.services().values().stream()
                .filter(allocation -> allocation.condition().isPresent())
                .toList();
        matching.set(ours.size());
        unsatisfied.set(
                ours.stream().filter(allocation -> !allocation.isSatisfied()).count());
        rows(available, plan, PoolAllocation::available);
        rows(used, plan, PoolAllocation::used);
    }

    private static void rows(MultiGauge gauge, AllocationPlan plan, Function<PoolAllocation, BigInteger> number) {
        gauge.register(
                plan.pools().values().stream()
                        .<MultiGauge.Row<?>>map(pool -> MultiGauge.Row.of(
                                Tags.of("pool", pool.pool()), number.apply(pool).doubleValue()))
                        .toList(),
                true);
    }
}
