// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.ReservedIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One class's entries for address blocks in one direction: for each block and exception at which rules change. */
final class BlockPlanning {
    /** An element's block; addresses in an exception are not meant. */
    private record Holder(int place, BlockIndex<CidrBlock> exceptions) {
        static Holder of(int place, Peer.Cidr cidr) {
            var exceptions = new BlockIndex<CidrBlock>();
            cidr.except().forEach(block -> exceptions.computeIfAbsent(block, block));
            return new Holder(place, exceptions);
        }

        boolean covers(CidrBlock edge) {
            return exceptions.holding(edge).findAny().isEmpty();
        }
    }

    private static final int WORLD = ReservedIdentity.WORLD.number();

    private final Coverage coverage;
    private final EntryWriter writer;
    private final BlockIndex<List<Holder>> holders = new BlockIndex<>();
    private final Set<CidrBlock> edges = new HashSet<>();

    BlockPlanning(Coverage coverage, EntryWriter writer) {
        this.coverage = coverage;
        this.writer = writer;
        for (int place = 0; place < coverage.elements().size(); place++) {
            for (var cidr : coverage.elements().get(place).peers().blocks()) {
                holders.computeIfAbsent(cidr.block(), new ArrayList<>()).add(Holder.of(place, cidr));
                edges.add(cidr.block());
                edges.addAll(cidr.except());
            }
        }
    }

    void plan(PortTable everybody) {
        var outside = coverage.of(WORLD);
        var written = new BlockIndex<List<PortTable.Covering>>();
        var outermostFirst = edges.stream()
                .sorted(Comparator.comparing(CidrBlock::length).thenComparing(Comparator.naturalOrder()))
                .toList();
        for (var edge : outermostFirst) {
            if (writer.isFull()) {
                return;
            }
            var peer = new EntryPeer.Block(edge);
            var coverings = coverings(peer);
            // A block like the one around it needs no entries; the node inherits those.
            if (!coverings.equals(written.holding(edge).findFirst().orElse(outside))) {
                written.computeIfAbsent(edge, coverings);
                writer.block(peer, coverage.table(coverings), everybody);
            }
        }
    }

    private List<PortTable.Covering> coverings(EntryPeer.Block peer) {
        var places = new TreeSet<>(coverage.places(WORLD));
        holders.holding(peer.block())
                .flatMap(List::stream)
                .filter(holder -> holder.covers(peer.block()))
                .forEach(holder -> places.add(holder.place()));
        return coverage.coverings(peer, places);
    }
}
