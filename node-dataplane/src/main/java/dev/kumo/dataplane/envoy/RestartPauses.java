// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.time.Duration;

/** How long to wait before a child that has ended is started again: ever longer after short runs. One thread. */
final class RestartPauses {
    static final Duration FIRST = Duration.ofMillis(200);
    static final Duration LONGEST = Duration.ofSeconds(30);
    /** Who ran for so long ended for another reason than before. */
    static final Duration STEADY = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /** @param run how long it ran */
    Duration after(Duration run) {
        if (run.compareTo(STEADY) >= 0) {
            next = FIRST;
        }
        var pause = next;
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
        return pause;
    }
}
