// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.stream.ReportTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Holds planning back until each Ready node has reported, or five seconds are over: a replica that has just started must not
 * give an address away that it hasn't heard of yet. Planning thread only.
 */
final class ReportWait {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private @Nullable Instant since;
    private boolean over;

    boolean isOver(Collection<NodeView> nodes, ReportTable reports, Instant now) {
        if (since == null) {
            since = now;
        }
        if (!over) {
            var heard = reports.synced();
            over = nodes.stream().filter(NodeView::ready).map(NodeView::name).allMatch(heard::contains)
                    || !remaining(now).isPositive();
        }
        return over;
    }

    Duration remaining(Instant now) {
        return since == null ? LIMIT : Duration.between(now, since.plus(LIMIT));
    }
}
