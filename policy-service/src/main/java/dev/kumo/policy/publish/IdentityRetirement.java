// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Remembers since when identities are unused; one that was so for long enough is withdrawn. Planning thread only. */
public final class IdentityRetirement {
    private final Duration after;
    private final SortedMap<Integer, Instant> unusedSince = new TreeMap<>();

    public IdentityRetirement(Duration after) {
        this.after = after;
    }

    /** @return the numbers whose time is over */
    public SortedSet<Integer> retired(Set<Integer> unused, Instant now) {
        unusedSince.keySet().retainAll(unused);
        unused.forEach(number -> unusedSince.putIfAbsent(number, now));
        var retired = new TreeSet<Integer>();
        unusedSince.forEach((number, since) -> {
            if (!since.plus(after).isAfter(now)) {
                retired.add(number);
            }
        });
        return retired;
    }

    /** When the next identity's time is over. */
    public Optional<Duration> nextCheck(Instant now) {
        return unusedSince.values().stream()
                .map(since -> since.plus(after))
                .filter(end -> end.isAfter(now))
                .map(end -> Duration.between(now, end))
                .min(Duration::compareTo);
    }
}
