// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.ReservedIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One class's entries in one direction: finds which elements cover which peer, and writes a table for each. */
final class DirectionPlanning {
    private record Holder(int element, Peer.Cidr cidr) {}

    private final List<ResolvedRule.Element> elements;
    private final NamedPorts namedPorts;
    private final Verdict fallback;
    private final EntryWriter writer;
    private final Map<List<PortTable.Covering>, PortTable> tables = new HashMap<>();

    /** @param fallback on what no element covers */
    DirectionPlanning(
            Stream<ResolvedRule.Element> elements, NamedPorts namedPorts, Verdict fallback, EntryWriter writer) {
        this.elements = elements.sorted(Comparator.comparing(ResolvedRule.Element::bound))
                .toList();
        this.namedPorts = namedPorts;
        this.fallback = fallback;
        this.writer = writer;
    }

    void plan() {
        var everybody =
                coverings(EntryPeer.ANY, index -> elements.get(index).peers().any());
        var base = table(everybody);
        writer.everybody(base);
        for (int identity : identities()) {
            var coverings = coverings(identity);
            if (!coverings.equals(everybody) && !writer.isFull()) {
                writer.identity(identity, table(coverings), base);
            }
        }
        planBlocks(base);
    }

    /** Those that some element names, directly or by a port that they name. */
    private SortedSet<Integer> identities() {
        var identities = new TreeSet<Integer>();
        for (var element : elements) {
            identities.addAll(element.peers().identities());
            if (element.peers().any()) {
                element.namedPorts().map(namedPorts::holders).forEach(identities::addAll);
            }
        }
        return identities;
    }

    private void planBlocks(PortTable base) {
        var named = new BlockIndex<List<Holder>>();
        for (int index = 0; index < elements.size(); index++) {
            for (var cidr : elements.get(index).peers().blocks()) {
                named.computeIfAbsent(cidr.block(), new ArrayList<>()).add(new Holder(index, cidr));
            }
        }
        int world = ReservedIdentity.WORLD.number();
        var outside = coverings(world);
        var written = new BlockIndex<List<PortTable.Covering>>();
        var edges = BlockIndex.edges(elements).stream()
                .sorted(Comparator.comparing(CidrBlock::length).thenComparing(Comparator.naturalOrder()))
                .toList();
        for (var edge : edges) {
            if (writer.isFull()) {
                return;
            }
            Set<Integer> holding = new HashSet<>();
            named.holding(edge).flatMap(List::stream).forEach(holder -> {
                if (!BlockIndex.isHeld(holder.cidr().except(), edge)) {
                    holding.add(holder.element());
                }
            });
            var peer = new EntryPeer.Block(edge);
            var coverings = coverings(
                    peer,
                    index -> holding.contains(index)
                            || elements.get(index).peers().covers(world));
            // A block like the one around it needs no entries; the node inherits those.
            if (!coverings.equals(written.holding(edge).findFirst().orElse(outside))) {
                written.computeIfAbsent(edge, coverings);
                writer.block(peer, table(coverings), base);
            }
        }
    }

    private List<PortTable.Covering> coverings(int identity) {
        return coverings(
                new EntryPeer.Identity(identity),
                index -> elements.get(index).peers().covers(identity));
    }

    private List<PortTable.Covering> coverings(EntryPeer peer, IntPredicate covers) {
        return IntStream.range(0, elements.size())
                .filter(covers)
                .mapToObj(elements::get)
                .map(element -> new PortTable.Covering(element.bound(), numbers(element.ports(), peer)))
                .filter(covering -> !covering.ports().isEmpty())
                .toList();
    }

    private List<PortMatch.Numbers> numbers(List<PortMatch> ports, EntryPeer peer) {
        return ports.stream()
                .flatMap(port -> switch (port) {
                    case PortMatch.Numbers numbers -> Stream.of(numbers);
                    case PortMatch.Named named -> namedPorts.numbers(named, peer).stream();
                })
                .toList();
    }

    private PortTable table(List<PortTable.Covering> coverings) {
        return tables.computeIfAbsent(coverings, key -> PortTable.of(key, fallback));
    }
}
