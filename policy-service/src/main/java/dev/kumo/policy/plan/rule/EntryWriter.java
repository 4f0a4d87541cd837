// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes port tables as entries of which the longest match is the verdict. A peer's table holds all that everybody's holds
 * and more, so what equals the table for everybody is left out: the lookup falls through to it.
 */
final class EntryWriter {
    /** An entry whose slot has no number yet. @param segment the ports that a slot would stand for */
    record Draft(PolicyEntry.Key key, Verdict verdict, PortTable.Segment segment) {
        boolean isFilter() {
            return verdict.kind() == Verdict.Kind.FILTER;
        }
    }

    private static final int WHOLE = PortMatch.LAST_PORT + 1;
    /** Says "nobody allows it" where the lookup must not fall through. */
    private static final Verdict DENIED = new Verdict(Verdict.Kind.DENY, List.of(), List.of());

    private final Direction direction;
    private final List<Draft> drafts;

    EntryWriter(Direction direction, List<Draft> drafts) {
        this.direction = direction;
        this.drafts = drafts;
    }

    /** Whether more entries are written than any class may have, so that the rest doesn't matter. */
    boolean isFull() {
        return drafts.size() > ClassPlan.CAPACITY;
    }

    void everybody(PortTable table) {
        write(EntryPeer.ANY, table, Optional.empty());
    }

    void identity(int number, PortTable table, PortTable everybody) {
        write(new EntryPeer.Identity(number), table, Optional.of(everybody));
    }

    /** Writes at least one entry: the node finds the longest block of an address among those that have any. */
    void block(EntryPeer.Block block, PortTable table, PortTable everybody) {
        int before = drafts.size();
        write(block, table, Optional.of(everybody));
        if (drafts.size() == before) {
            write(block, table, Optional.empty());
            if (table.other().kind() == Verdict.Kind.NONE) {
                wholeProtocol(block, Protocol.ANY, DENIED);
            }
        }
    }

    private void write(EntryPeer peer, PortTable table, Optional<PortTable> everybody) {
        boolean fallsThrough =
                everybody.map(PortTable::other).filter(table.other()::equals).isPresent();
        if (!fallsThrough && table.other().kind() != Verdict.Kind.NONE) {
            wholeProtocol(peer, Protocol.ANY, table.other());
        }
        for (int protocol : table.protocols().keySet()) {
            writeProtocol(peer, protocol, table, everybody.filter(base -> fallsThrough));
        }
    }

    private void writeProtocol(EntryPeer peer, int protocol, PortTable table, Optional<PortTable> below) {
        var segments = table.segments(protocol);
        var base = base(segments, table.other());
        var own = segments.stream()
                .filter(segment -> !segment.verdict().equals(table.other()))
                .filter(segment -> below.filter(everybody -> everybody.gives(protocol, segment))
                        .isEmpty())
                .toList();
        boolean wide = !base.equals(table.other())
                && own.stream().anyMatch(segment -> segment.verdict().equals(base));
        if (wide) {
            wholeProtocol(peer, protocol, base);
            // A wide entry stops the lookup from falling through: all that differs from it is written.
            segments.stream()
                    .filter(segment -> !segment.verdict().equals(base))
                    .forEach(segment -> ports(peer, protocol, segment));
        } else {
            own.forEach(segment -> ports(peer, protocol, segment));
        }
    }

    /** What a protocol's other entries are exceptions from: nothing, unless every port has a verdict. */
    private static Verdict base(List<PortTable.Segment> segments, Verdict other) {
        int covered = segments.stream().mapToInt(PortTable.Segment::size).sum();
        if (other.kind() != Verdict.Kind.NONE || covered < WHOLE) {
            return other;
        }
        return segments.stream()
                .max(Comparator.comparingInt(PortTable.Segment::size))
                .orElseThrow()
                .verdict();
    }

    private void wholeProtocol(EntryPeer peer, int protocol, Verdict verdict) {
        add(peer, protocol, PortPrefix.ALL, new PortTable.Segment(0, PortMatch.LAST_PORT, verdict));
    }

    private void ports(EntryPeer peer, int protocol, PortTable.Segment segment) {
        PortPrefix.cover(segment.first(), segment.last()).forEach(prefix -> add(peer, protocol, prefix, segment));
    }

    private void add(EntryPeer peer, int protocol, PortPrefix ports, PortTable.Segment segment) {
        if (!isFull()) {
            drafts.add(new Draft(new PolicyEntry.Key(direction, peer, protocol, ports), segment.verdict(), segment));
        }
    }
}
