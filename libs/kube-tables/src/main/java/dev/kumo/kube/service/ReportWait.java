// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.stream.ReportTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what follows from reports back until each Ready node has said what it has, or five seconds are over: a replica that has
 * just started must not withdraw, move or take back what it hasn't heard of yet. Once over, it stays over. Planning thread only.
 */
public final class ReportWait {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private @Nullable Instant since;
    private boolean over;

    /** @param ready names of the nodes that are Ready; the first call begins the five seconds */
    public boolean isOver(Set<String> ready, ReportTable reports, Instant now) {
        if (since == null) {
            since = now;
        }
        over = over || reports.synced().containsAll(ready) || !remaining(now).isPositive();
        return over;
    }

    /** How long it may still take. */
    public Duration remaining(Instant now) {
        return since == null ? LIMIT : Duration.between(now, since.plus(LIMIT));
    }
}
