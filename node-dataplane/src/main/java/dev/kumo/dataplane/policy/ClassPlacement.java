// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings classes into the kernel, with the identities of their blocks. Addresses are told apart finely enough before a class
 * makes a difference between them: a new block's identity gets, in every class, the rules that its addresses have already,
 * then its row, and only then the class is changed. Backwards when no class speaks of it any more. So the identity of an
 * address never decides anything while it changes. Apply-loop thread only; throws BpfException.
 */
final class ClassPlacement {
    private static final Comparator<PrefixKey> LONGEST_FIRST =
            Comparator.comparingInt(PrefixKey::prefixLength).reversed().thenComparing(PrefixKey::address);

    private final ClassTable table;
    private final KnownBlocks blocks;
    private @Nullable Target target;

    ClassPlacement(ClassTable table, KnownBlocks blocks) {
        this.table = table;
        this.blocks = blocks;
    }

    /** How far a class came. */
    sealed interface Outcome {
        record Placed() implements Outcome {}

        /** The slice was over; the same call goes on. */
        record Unfinished() implements Outcome {}

        /** It can't be as things stand; what was in force before still is. */
        record Refused(Reason reason, String message) implements Outcome {}

        /** Something failed that may go well next time. */
        record Failed(Reason reason, String message) implements Outcome {}
    }

    private record Target(int number, ClassRules rules, Map<PolicyKey, PolicyEntry> entries) {}

    Outcome place(int number, ClassRules rules, Slice slice) {
        var current = target;
        if (current == null || current.number() != number || current.rules() != rules) {
            var obstacle = makeRoom(number, rules);
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
            current = new Target(number, rules, rules.entries(blocks.identities()));
            target = current;
        }
        if (!table.bring(number, rules.flags(), current.entries(), slice)) {
            return new Outcome.Unfinished();
        }
        target = null;
        return new Outcome.Placed();
    }

    /** Lets go of blocks that no class needs; false if the slice was over first. */
    boolean sweep(Set<PrefixKey> needed, Slice slice) {
        var unneeded = blocks.identities().keySet().stream()
                .filter(block -> !needed.contains(block))
                .sorted(LONGEST_FIRST.reversed())
                .toList();
        for (var block : unneeded) {
            if (slice.isOver()) {
                return false;
            }
            var identity = blocks.identities().get(block);
            if (identity != null && blocks.remove(block).isEmpty()) {
                table.forget(Set.of(identity));
                blocks.release(Set.of(block));
            }
        }
        return true;
    }

    /** Makes the class's blocks known. */
    private Optional<Outcome> makeRoom(int number, ClassRules rules) {
        var fresh = rules.blocks().stream()
                .filter(block -> !blocks.identities().containsKey(block))
                .sorted(LONGEST_FIRST)
                .toList();
        var given = blocks.allocate(fresh);
        if (given.isEmpty()) {
            return Optional.of(new Outcome.Refused(Reason.MAP_FULL, "no identity is left for a block of addresses"));
        }
        var identities = new HashMap<>(blocks.identities());
        identities.putAll(given.get());
        int size = rules.entries(identities).size();
        if (size > table.capacity()) {
            blocks.release(fresh);
            return Optional.of(new Outcome.Refused(
                    Reason.MAP_FULL, "%d entries on this node, a class may have %d".formatted(size, table.capacity())));
        }
        return fresh.isEmpty() ? Optional.empty() : makeKnown(number, fresh, given.get());
    }

    private Optional<Outcome> makeKnown(int number, List<PrefixKey> fresh, Map<PrefixKey, Integer> given) {
        var as = new HashMap<Integer, Integer>();
        given.forEach((block, identity) -> as.put(identity, blocks.identityAround(block)));
        for (int other : table.numbers()) {
            int size = table.entries(other).size() + table.inheritance(other, as);
            if (size > table.capacity()) {
                blocks.release(fresh);
                return Optional.of(new Outcome.Refused(
                        Reason.MAP_FULL,
                        "its blocks make %d entries of class %d on this node, a class may have %d"
                                .formatted(size, other, table.capacity())));
            }
        }
        for (int other : table.numbers()) {
            table.inherit(other, as);
        }
        var put = new HashSet<PrefixKey>();
        for (var block : fresh) {
            put.add(block);
            var failure = blocks.put(block, given.getOrDefault(block, 0));
            if (failure.isPresent()) {
                var unused = new ArrayList<>(fresh);
                unused.removeAll(put);
                blocks.release(unused);
                return Optional.of(
                        new Outcome.Failed(failure.get().reason(), failure.get().message()));
            }
        }
        return Optional.empty();
    }
}
