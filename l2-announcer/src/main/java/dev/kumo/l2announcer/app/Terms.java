// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import java.util.stream.Stream;

/**
 * Gives out terms, each higher than all before. A term is at most the resourceVersion of the write that brings it in; so one above
 * every resourceVersion that was seen is above all terms of earlier leaders, also of Leases that are gone. Any thread.
 */
final class Terms {
    private long last;

    /**
     * @param above what the plan demands
     * @param seen the resourceVersion that the table of Leases has reached
     * @param found terms of the Leases that are written, as they are now
     */
    synchronized long next(long above, long seen, Stream<Long> found) {
        last = Stream.concat(Stream.of(last, above, seen), found)
                        .max(Long::compare)
                        .orElseThrow()
                + 1;
        return last;
    }
}
