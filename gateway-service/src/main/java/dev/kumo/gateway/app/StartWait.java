// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.stream.ReportTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the first statuses back until each Ready node has said what it has, or five seconds are over: a service that has just
 * started must not take back what it hasn't heard of yet. Planning thread only.
 */
final class StartWait {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private @Nullable Instant since;
    private boolean over;

    boolean isOver(Set<String> ready, ReportTable reports, Instant now) {
        if (since == null) {
            since = now;
        }
        over = over || reports.synced().containsAll(ready) || !remaining(now).isPositive();
        return over;
    }

    Duration remaining(Instant now) {
        return since == null ? LIMIT : Duration.between(now, since.plus(LIMIT));
    }
}
