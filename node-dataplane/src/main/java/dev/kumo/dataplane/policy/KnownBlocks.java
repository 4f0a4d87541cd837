// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.node.BlockRows;
import dev.kumo.dataplane.reconcile.MapFailure;
import dev.kumo.dataplane.state.StickyNumbers;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The blocks of outside addresses that this node tells apart, and their identities: numbers of its own, kept on disk and by
 * the kernel's rows. Apply-loop thread only.
 */
final class KnownBlocks {
    private static final int FIRST = BlockRows.FIRST_LOCAL_IDENTITY + 1;
    private static final int LAST = 2 * BlockRows.FIRST_LOCAL_IDENTITY - 1;

    private final BlockRows rows;
    private final StickyNumbers numbers;
    private final Map<PrefixKey, Integer> known;

    /** Takes over what an earlier process left in the kernel; that outweighs the file. */
    KnownBlocks(Path file, BlockRows rows) {
        this.rows = rows;
        this.numbers = new StickyNumbers(file, FIRST, LAST);
        this.known = new HashMap<>(rows.adopted());
        known.forEach((block, identity) -> numbers.bind(block.toString(), identity));
    }

    /** Blocks whose addresses have identities of their own; a live view. */
    Map<PrefixKey, Integer> identities() {
        return Collections.unmodifiableMap(known);
    }

    /** Identities for blocks, on disk when the call returns; empty if there are not so many. */
    Optional<Map<PrefixKey, Integer>> allocate(Collection<PrefixKey> blocks) {
        var given = new HashMap<PrefixKey, Integer>();
        for (var block : blocks) {
            var number = numbers.numberOf(block.toString());
            if (number.isEmpty()) {
                release(given.keySet());
                return Optional.empty();
            }
            given.put(block, number.get());
        }
        numbers.save();
        return Optional.of(given);
    }

    /** Gives identities back that no row has. */
    void release(Collection<PrefixKey> blocks) {
        blocks.stream().filter(block -> !known.containsKey(block)).forEach(block -> numbers.release(block.toString()));
        numbers.save();
    }

    /** Which identity the addresses of a block have as long as it isn't known itself. */
    int identityAround(PrefixKey block) {
        var lengths = new TreeSet<Integer>();
        known.keySet().forEach(other -> lengths.add(other.prefixLength()));
        for (int length : lengths.headSet(block.prefixLength(), false).descendingSet()) {
            var identity = known.get(block.truncate(length));
            if (identity != null) {
                return identity;
            }
        }
        return ClassRules.WORLD;
    }

    /** From now on the block's addresses have the identity; not if something is wrong. */
    Optional<MapFailure<PrefixKey>> put(PrefixKey block, int identity) {
        var failure = rows.put(block, identity);
        if (failure.isEmpty()) {
            known.put(block, identity);
        }
        return failure;
    }

    /** From now on the block's addresses have the identity of what is around it. */
    Optional<MapFailure<PrefixKey>> remove(PrefixKey block) {
        var failure = rows.remove(block);
        if (failure.isEmpty()) {
            known.remove(block);
        }
        return failure;
    }
}
