// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.announce.AnnouncementManager;
import dev.kumo.dataplane.announce.Transition;
import dev.kumo.dataplane.feed.Feeds;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ApplyListener;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.stream.FeedMethods;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The dataplane's metrics: {@code kumo_apply_seconds{manager,outcome}}, {@code kumo_pending_updates{map}},
 * {@code kumo_feed_in_sync{feed}}, {@code kumo_feed_items{feed}}, {@code kumo_feed_changes_total{feed}}, {@code kumo_ready},
 * {@code kumo_endpoints}, {@code kumo_l2_addresses{state}}, {@code kumo_l2_transitions_total{reason}}. Every label has a
 * handful of values.
 */
final class DataplaneMetrics implements ApplyListener {
    private final MeterRegistry registry;

    DataplaneMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void applied(Manager manager, Duration took, Applied applied) {
        registry.timer(
                        "kumo.apply",
                        "manager",
                        manager.name(),
                        "outcome",
                        applied.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .record(took);
    }

    void addFeeds(Feeds feeds) {
        for (var feed : FeedMethods.values()) {
            Gauge.builder("kumo.feed.in.sync", feeds, all -> all.state(feed).inSync() ? 1 : 0)
                    .tag("feed", feed.feed())
                    .register(registry);
            Gauge.builder("kumo.feed.items", feeds, all -> all.state(feed).items())
                    .tag("feed", feed.feed())
                    .register(registry);
            FunctionCounter.builder("kumo.feed.changes", feeds, all -> all.changes(feed))
                    .tag("feed", feed.feed())
                    .register(registry);
        }
    }

    void addReadiness(NodeReadiness readiness) {
        Gauge.builder("kumo.ready", readiness, node -> node.problem().isEmpty() ? 1 : 0)
                .register(registry);
    }

    void addMaps(Collection<? extends ReconciledMap<?, ?>> maps) {
        maps.forEach(map -> addPending(map.name(), map::pending));
    }

    /** @param count what the map does not hold yet as it is wanted */
    void addPending(String map, Supplier<Number> count) {
        Gauge.builder("kumo.pending.updates", count).tag("map", map).register(registry);
    }

    void addEndpoints(Supplier<Number> count) {
        Gauge.builder("kumo.endpoints", count).register(registry);
    }

    /** @param counts addresses by state; any thread */
    void addAnnouncements(Supplier<Map<String, Long>> counts) {
        for (var state : AnnouncementManager.STATES) {
            Gauge.builder("kumo.l2.addresses", counts, now -> now.get().getOrDefault(state, 0L))
                    .tag("state", state)
                    .register(registry);
        }
        for (var transition : Transition.values()) {
            transitions(transition);
        }
    }

    void addTransition(Transition transition) {
        transitions(transition).increment();
    }

    private Counter transitions(Transition transition) {
        return registry.counter("kumo.l2.transitions", "reason", transition.name());
    }
}
