// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import java.util.random.RandomGenerator;

/** Waiting times between attempts: doubling, with jitter so that nodes don't come back all at once. One thread. */
final class Backoff {
    private final long firstMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private int failures;

    Backoff(long firstMillis, long maxMillis, RandomGenerator random) {
        this.firstMillis = firstMillis;
        this.maxMillis = maxMillis;
        this.random = random;
    }

    /** Between half of the present step and all of it. */
    long nextMillis() {
        var step = Math.min(maxMillis, firstMillis << Math.min(failures, 30));
        failures++;
        return step / 2 + random.nextLong(step / 2 + 1);
    }

    void reset() {
        failures = 0;
    }
}
