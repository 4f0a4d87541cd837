// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The verdict on each protocol and port of one peer.
 *
 * @param other of protocols that no element names
 * @param protocols by number: segments in ascending order, without those of {@link Verdict.Kind#NONE}
 */
record PortTable(Verdict other, SortedMap<Integer, List<Segment>> protocols) {
    /** Neighbouring ports with one verdict. */
    record Segment(int first, int last, Verdict verdict) {
        int size() {
            return last - first + 1;
        }
    }

    /** An element with its ports as numbers. */
    record Covering(BoundElement element, List<PortMatch.Numbers> ports) {
        /** The ranges that hold ports of this protocol. */
        Stream<PortMatch.Numbers> ranges(int protocol) {
            return ports.stream().filter(range -> range.protocol() == Protocol.ANY || range.protocol() == protocol);
        }
    }

    static PortTable of(List<Covering> coverings, Verdict fallback) {
        var others = new Tally();
        coverings.stream()
                .filter(covering -> covering.ports().contains(PortMatch.EVERYTHING))
                .map(Covering::element)
                .forEach(others::add);
        var protocols = new TreeMap<Integer, List<Segment>>();
        coverings.stream()
                .flatMap(covering -> covering.ports().stream())
                .map(PortMatch.Numbers::protocol)
                .filter(protocol -> protocol != Protocol.ANY)
                .distinct()
                .forEach(protocol -> protocols.put(protocol, segments(coverings, protocol, fallback)));
        return new PortTable(others.verdict(fallback), protocols);
    }

    /** Walks the ports once, from one end of a range to the next. */
    private static List<Segment> segments(List<Covering> coverings, int protocol, Verdict fallback) {
        SortedMap<Integer, List<Consumer<Tally>>> changes = new TreeMap<>();
        changes.put(0, new ArrayList<>());
        for (var covering : coverings) {
            covering.ranges(protocol).forEach(range -> {
                changes.computeIfAbsent(range.first(), port -> new ArrayList<>())
                        .add(tally -> tally.add(covering.element()));
                changes.computeIfAbsent(range.last() + 1, port -> new ArrayList<>())
                        .add(tally -> tally.remove(covering.element()));
            });
        }
        changes.putIfAbsent(PortMatch.LAST_PORT + 1, List.of());
        var segments = new ArrayList<Segment>();
        var tally = new Tally();
        int first = 0;
        for (var change : changes.entrySet()) {
            if (change.getKey() > first) {
                append(segments, new Segment(first, change.getKey() - 1, tally.verdict(fallback)));
            }
            change.getValue().forEach(step -> step.accept(tally));
            first = change.getKey();
        }
        return segments;
    }

    private static void append(List<Segment> segments, Segment next) {
        if (next.verdict().kind() == Verdict.Kind.NONE) {
            return;
        }
        if (!segments.isEmpty()) {
            var before = segments.getLast();
            if (before.last() + 1 == next.first() && before.verdict().equals(next.verdict())) {
                segments.set(segments.size() - 1, new Segment(before.first(), next.last(), next.verdict()));
                return;
            }
        }
        segments.add(next);
    }

    /** The segments of any protocol, named by an element or not. */
    List<Segment> segments(int protocol) {
        var named = protocols.get(protocol);
        if (named != null) {
            return named;
        }
        return other.kind() == Verdict.Kind.NONE ? List.of() : List.of(new Segment(0, PortMatch.LAST_PORT, other));
    }

    /** Whether this table has the segment's verdict on all of its ports. */
    boolean gives(int protocol, Segment segment) {
        return segments(protocol).stream()
                .anyMatch(own -> own.first() <= segment.first()
                        && segment.last() <= own.last()
                        && own.verdict().equals(segment.verdict()));
    }
}
