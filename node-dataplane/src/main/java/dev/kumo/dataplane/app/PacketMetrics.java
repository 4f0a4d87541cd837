// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.Hook;
import dev.kumo.dataplane.bpf.map.MetricKey;
import dev.kumo.dataplane.bpf.map.MetricValue;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.Priority;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What the kernel half counted, as {@code kumo_datapath_packets_total} and {@code kumo_datapath_bytes_total} by reason,
 * direction and hook. Read from the kernel every few seconds, so that a scrape never waits for the apply loop.
 */
final class PacketMetrics implements AutoCloseable {
    private static final long PERIOD_SECONDS = 5;
    private static final MetricValue NOTHING = new MetricValue(0, 0);

    private final MeterRegistry registry;
    private final ApplyLoop loop;
    private final Map<MetricKey, MetricValue> counted = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().name("packet-metrics").daemon(true).unstarted(work));

    PacketMetrics(MeterRegistry registry, ApplyLoop loop) {
        this.registry = registry;
        this.loop = loop;
    }

    void start(KernelMap<MetricKey, MetricValue> metrics) {
        var _ = thread.scheduleWithFixedDelay(
                () -> loop.run(Priority.REST, () -> {
                    metrics.forEach(this::count);
                    return counted.size();
                }),
                0,
                PERIOD_SECONDS,
                TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void count(MetricKey key, MetricValue value) {
        if (counted.put(key, value) == null) {
            register("kumo.datapath.packets", key, MetricValue::packets);
            register("kumo.datapath.bytes", key, MetricValue::bytes);
        }
    }

    private void register(String name, MetricKey key, ToLongFunction<MetricValue> part) {
        FunctionCounter.builder(name, counted, all -> part.applyAsLong(all.getOrDefault(key, NOTHING)))
                .tags(Tags.of(
                        "reason", DropReason.nameOf(key.reason()),
                        "direction", FlowDirection.nameOf(key.direction()),
                        "hook", Hook.nameOf(key.hook())))
                .register(registry);
    }
}
