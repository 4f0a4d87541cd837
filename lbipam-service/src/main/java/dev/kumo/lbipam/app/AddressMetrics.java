// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.plan.address.AllocationPlan;
import dev.kumo.lbipam.plan.address.PoolAllocation;
import dev.kumo.lbipam.plan.address.ServiceAllocation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How pools and Services stand: gauges {@code kumo_lbipam_pools}, {@code kumo_lbipam_addresses} and
 * {@code kumo_lbipam_services}. Numbers of one pool are in its conditions; no label names an object. Any thread.
 */
@Singleton
public final class AddressMetrics {
    private volatile @Nullable AllocationPlan plan;

    AddressMetrics(MeterRegistry metrics) {
        gauge(
                metrics,
                "pools",
                "conflicting",
                () -> pools().stream().filter(PoolAllocation::conflicting).count());
        gauge(
                metrics,
                "pools",
                "giving",
                () -> pools().stream()
                        .filter(Predicate.not(PoolAllocation::conflicting))
                        .count());
        gauge(metrics, "addresses", "available", () -> sum(PoolAllocation::available));
        gauge(metrics, "addresses", "used", () -> sum(PoolAllocation::used));
        gauge(
                metrics,
                "services",
                "satisfied",
                () -> services().filter(ServiceAllocation::isSatisfied).count());
        gauge(
                metrics,
                "services",
                "unsatisfied",
                () -> services()
                        .filter(Predicate.not(ServiceAllocation::isSatisfied))
                        .count());
    }

    void show(AllocationPlan current) {
        plan = current;
    }

    private static void gauge(MeterRegistry metrics, String what, String state, Supplier<Number> number) {
        Gauge.builder("kumo.lbipam." + what, number).tag("state", state).register(metrics);
    }

    private List<PoolAllocation> pools() {
        var current = plan;
        return current == null ? List.of() : List.copyOf(current.pools().values());
    }

    private Stream<ServiceAllocation> services() {
        var current = plan;
        return current == null
                ? Stream.empty()
                : current.services().values().stream()
                        .filter(allocation -> allocation.condition().isPresent());
    }

    /** An address that lies in a pool and in one that yields to it counts once. */
    private double sum(Function<PoolAllocation, BigInteger> number) {
        return pools().stream()
                .filter(Predicate.not(PoolAllocation::conflicting))
                .map(number)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .doubleValue();
    }
}
