// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import java.time.Duration;

/** How long failed work waits: doubles from {@code first} to {@code longest}. */
public record Backoff(Duration first, Duration longest) {
    public static final Backoff STANDARD = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    /**
     * @param failures how often it failed in a row, from 1
     */
    public Duration after(int failures) {
        var doubled = first.multipliedBy(1L << Math.min(failures - 1, 20));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
