// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes an Envoy for ready until it hasn't been for three seconds: a dataplane that restarts is without it for a moment, which
 * must move no address. Planning thread only.
 */
final class EnvoyPatience {
    static final Duration LIMIT = Duration.ofSeconds(3);

    private final Map<String, Instant> lastReady = new HashMap<>();

    boolean isReady(String node, boolean reported, Instant now) {
        if (reported) {
            lastReady.put(node, now);
        }
        var last = lastReady.get(node);
        return last != null && now.isBefore(last.plus(LIMIT));
    }

    /** When the next one's patience ends. @param unready nodes whose report says that Envoy isn't ready */
    Optional<Duration> nextEnd(Set<String> unready, Instant now) {
        return lastReady.entrySet().stream()
                .filter(entry -> unready.contains(entry.getKey()))
                .map(entry -> Duration.between(now, entry.getValue().plus(LIMIT)))
                .filter(Duration::isPositive)
                .min(Duration::compareTo);
    }
}
