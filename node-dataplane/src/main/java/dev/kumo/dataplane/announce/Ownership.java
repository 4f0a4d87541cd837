// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One address on one device of this node. Whether the node answers is the kernel's row, read anew each turn: the kernel half alone
 * makes it yield. A node ceases to answer once somebody else has claimed the address, never before: no move leaves a gap. Pure:
 * times are milliseconds of a monotonic clock, given.
 */
final class Ownership {
    /** What a claim's frames follow each other by: a single one may be lost. */
    private static final long[] BURST = {100, 200, 300, 400};
    /** An owner repeats itself, which ends a doubt that nobody noticed. */
    static final long REPEAT = 30_000;
    /** How long a term that was heard on the wire stands against an older list: three repeats. */
    static final long HEARD_TERM = 3 * REPEAT;
    /** A claim that is not weaker is contested this seldom (RFC 5227 §2.4). */
    static final long DEFENCE = 10_000;
    /** How long the next owner has for its claim once no list names this node. */
    static final long LEAVE = 500;

    private final AnnouncementKey key;
    private @Nullable Rank told;
    private @Nullable Set<Address> alive;
    private long heardTerm;
    private long heardAt;
    private final Doubt doubt = new Doubt();
    private @Nullable Long claimed;
    private @Nullable Long nextFrame;
    private int frames;
    private @Nullable Long leaving;
    private @Nullable Announcement seen;
    private State state = State.WAITING;
    private long since;

    /** Whether the node answers. */
    enum State {
        /** It does. */
        ANNOUNCED,
        /** It should, but another host has claimed the address. */
        YIELDED,
        /** Others do, or its link is down. */
        WAITING;

        /** As people read it and metrics have it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a turn goes by, besides the row.
     *
     * @param told where the node stands, empty if no list names it
     * @param alive nodes before it that are not silent
     * @param silent those that are
     * @param mac of the device
     * @param up whether the device can pass frames
     */
    record Situation(Optional<Rank> told, Set<Address> alive, Set<Address> silent, MacAddress mac, boolean up) {}

    Ownership(AnnouncementKey key, long now) {
        this.key = key;
        since = now;
    }

    /** Another host has spoken as the address. */
    void answered(long now) {
        doubt.answered(now);
    }

    /** Somebody has claimed the address with this rank. */
    void heard(Rank rank, long now) {
        heard(rank.term(), now);
    }

    List<Step> turn(Situation situation, @Nullable Announcement row, long now) {
        var steps = new ArrayList<Step>();
        if (row != null && row.isYielded() && !row.equals(seen)) {
            heard(row.claimTerm(), now);
        }
        seen = row;
        boolean returned = alive != null && !alive.containsAll(situation.alive());
        alive = Set.copyOf(situation.alive());
        var rank = situation.told().orElse(null);
        if (rank == null || row != null || !situation.up()) {
            doubt.end();
        } else {
            doubt.look(situation.silent(), situation.alive().size(), now);
        }
        if (rank == null) {
            leave(row, situation.up(), now, steps);
            return steps;
        }
        leaving = null;
        if (!rank.equals(told)) {
            told = rank;
            nextFrame = null;
        }
        if (!situation.up()) {
            rest(row, Transition.LINK_DOWN, rank, now, steps);
        } else if (row == null || !row.mac().equals(situation.mac())) {
            begin(situation, rank, now, steps);
        } else if (row.isYielded()) {
            yielded(row, situation, rank, now, steps);
        } else {
            answer(row, situation, returned, rank, now, steps);
        }
        return steps;
    }

    /** Whether there is nothing left to do. */
    boolean isGone() {
        return leaving == null && told == null;
    }

    State state() {
        return state;
    }

    /** Since when, on the clock of the turns. */
    long since() {
        return since;
    }

    /** A later list than the node's own is in force somewhere. */
    boolean isBehind(long now) {
        return told != null && Long.compareUnsigned(heardTerm, told.term()) > 0 && now - heardAt < HEARD_TERM;
    }

    /** When this turn's outcome may change by time alone. */
    OptionalLong due(long now) {
        return LongStream.of(
                        nextFrame == null ? now : nextFrame,
                        leaving == null ? now : leaving + LEAVE,
                        claimed == null ? now : claimed + DEFENCE,
                        doubt.due().orElse(now),
                        heardAt + HEARD_TERM)
                .filter(time -> time > now)
                .min();
    }

    private void heard(long term, long now) {
        if (Long.compareUnsigned(term, heardTerm) >= 0) {
            heardTerm = term;
            heardAt = now;
        }
    }

    private static boolean isEntitled(Situation situation, Rank rank) {
        return rank.position() == 0 || situation.alive().isEmpty();
    }

    private void begin(Situation situation, Rank rank, long now, List<Step> steps) {
        if ((isEntitled(situation, rank) || doubt.isUnanswered(now)) && !isBehind(now)) {
            doubt.end();
            claim(situation.mac(), rank, rank.position() == 0 ? Transition.CLAIMED : Transition.TAKEN_OVER, now, steps);
        } else {
            become(State.WAITING, now);
            if (doubt.asks(now)) {
                steps.add(new Step.Probe(key.ifindex(), ArpFrame.probe(key.address(), situation.mac())));
            }
        }
    }

    private void yielded(Announcement row, Situation situation, Rank rank, long now, List<Step> steps) {
        if (!isEntitled(situation, rank)) {
            rest(row, Transition.YIELDED, rank, now, steps);
            return;
        }
        if (state == State.ANNOUNCED) {
            steps.add(new Step.Changed(key, Transition.YIELDED, rank));
        }
        become(State.YIELDED, now);
        if (claimed == null) {
            claimed = now; // an earlier run's
        }
        if (!isBehind(now) && (mayContest(row, rank) || now - claimed >= DEFENCE)) {
            claim(situation.mac(), rank, Transition.REASSERTED, now, steps);
        }
    }

    /** At once: a weaker claim, or one of a node before this one, which is silent by now. */
    private static boolean mayContest(Announcement row, Rank rank) {
        var claim = new Rank(row.claimTerm(), row.claimPosition());
        return row.claimTerm() != 0 && (rank.outranks(claim) || claim.term() == rank.term() && claim.outranks(rank));
    }

    private void answer(
            Announcement row, Situation situation, boolean returned, Rank rank, long now, List<Step> steps) {
        become(State.ANNOUNCED, now);
        boolean entitled = isEntitled(situation, rank);
        if (entitled && row.term() != rank.term()) {
            // A yield that the kernel notes just now is lost with the old row. Claims come in bursts: the next one is
            // not.
            steps.add(new Step.Write(key, row.withTerm(rank.term())));
        }
        if (returned && !entitled) {
            // What a node before this one has in its kernel may be older than its death, and its user space not up yet.
            frames = 0;
            nextFrame = now;
        } else if (nextFrame == null && entitled) {
            frames = BURST.length;
            nextFrame = now + REPEAT / 2 + Math.floorMod(key.hashCode(), REPEAT / 2);
        }
        if (nextFrame != null && now >= nextFrame) {
            send(row.mac(), rank, entitled, now, steps);
        }
    }

    private void claim(MacAddress mac, Rank rank, Transition why, long now, List<Step> steps) {
        become(State.ANNOUNCED, now);
        claimed = now;
        frames = 0;
        steps.add(new Step.Write(key, Announcement.claimed(rank.term(), mac)));
        send(mac, rank, true, now, steps);
        steps.add(new Step.Changed(key, why, rank));
    }

    private void send(MacAddress mac, Rank rank, boolean entitled, long now, List<Step> steps) {
        steps.add(new Step.Claim(key, ArpFrame.claim(frames % 2 == 0, key.address(), mac, rank)));
        if (frames < BURST.length) {
            nextFrame = now + BURST[frames++];
        } else {
            nextFrame = entitled ? (Long) (now + REPEAT) : null;
        }
    }

    private void leave(@Nullable Announcement row, boolean up, long now, List<Step> steps) {
        nextFrame = null;
        var last = told == null ? new Rank(row == null ? 0 : row.term(), 0) : told;
        if (row == null) {
            leaving = null;
            told = null;
            become(State.WAITING, now);
        } else if (row.isYielded() || !up || leaving != null && now - leaving >= LEAVE) {
            rest(row, Transition.WITHDRAWN, last, now, steps);
            leaving = null;
            told = null;
        } else if (leaving == null) {
            leaving = now;
            become(State.ANNOUNCED, now);
        }
    }

    /** No longer answers, and says so if it did. */
    private void rest(@Nullable Announcement row, Transition why, Rank rank, long now, List<Step> steps) {
        nextFrame = null;
        if (row != null) {
            steps.add(new Step.Delete(key));
            if (state == State.ANNOUNCED || !row.isYielded()) {
                steps.add(new Step.Changed(key, why, rank));
            }
        }
        become(State.WAITING, now);
    }

    private void become(State next, long now) {
        if (state != next) {
            state = next;
            since = now;
        }
    }
}
