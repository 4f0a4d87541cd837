// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.plan.Announcement;
import dev.kumo.l2announcer.plan.AnnouncementPlan;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How announcements stand, on the replica that leads: gauge {@code kumo_l2_addresses} by state. No label names an object or a
 * node. Any thread.
 */
@Singleton
public final class AnnouncementMetrics {
    private volatile @Nullable AnnouncementPlan plan;

    AnnouncementMetrics(MeterRegistry metrics) {
        gauge(metrics, "answered", Announcement::answered);
        gauge(metrics, "waiting", Predicate.not(Announcement::answered));
    }

    /** @param current null on a replica that doesn't lead */
    void show(@Nullable AnnouncementPlan current) {
        plan = current;
    }

    private void gauge(MeterRegistry metrics, String state, Predicate<Announcement> counts) {
        Gauge.builder("kumo.l2.addresses", () -> count(counts))
                .tag("state", state)
                .register(metrics);
    }

    private long count(Predicate<Announcement> counts) {
        var current = plan;
        return current == null
                ? 0
                : current.announcements().values().stream().filter(counts).count();
    }
}
