// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether anybody answers for an address, as a backup wonders while some of the nodes before it are silent and others are not. One
 * that lives may be booting: its kernel answers probes long before its dataplane can claim. So the address itself is asked for, in
 * nobody's name, and nobody answers for it once it was asked for in vain for a second for each living node before this one: whoever
 * stands further ahead claims sooner. Pure: times are milliseconds of a monotonic clock, given.
 */
final class Doubt {
    /** What a living node has for its claim. */
    static final long GRACE = 1000;
    /** How long an answer stands. */
    static final long TRUST = 5000;

    private static final long INTERVAL = Probing.INTERVAL;

    private Set<Address> silent = Set.of();
    private int living;
    /** Since when silence counts, null without a doubt. */
    private @Nullable Long since;

    private long nextQuestion;

    /** @param silent nodes before this one that are. @param living how many of them are not */
    void look(Set<Address> silent, int living, long now) {
        if (silent.isEmpty() || living == 0) {
            end();
            return;
        }
        if (since == null || !this.silent.containsAll(silent)) {
            since = now;
            nextQuestion = now;
        }
        this.silent = Set.copyOf(silent);
        this.living = living;
    }

    /** This node answers by itself, or may not. */
    void end() {
        silent = Set.of();
        since = null;
    }

    /** Somebody has spoken as the address. */
    void answered(long now) {
        if (since != null) {
            since = now + TRUST;
            nextQuestion = since;
        }
    }

    boolean isUnanswered(long now) {
        return since != null && now - since >= GRACE * living;
    }

    /** Whether to ask now; what was heard up to now must have been told before. */
    boolean asks(long now) {
        if (since == null || now < nextQuestion) {
            return false;
        }
        nextQuestion = now + INTERVAL;
        return true;
    }

    OptionalLong due() {
        return since == null
                ? OptionalLong.empty()
                : LongStream.of(nextQuestion, since + GRACE * living).min();
    }
}
