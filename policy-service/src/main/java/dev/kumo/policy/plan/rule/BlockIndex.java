// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.CidrBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the blocks that hold a block, in as many steps as there are prefix lengths. */
final class BlockIndex<V> {
    private final Map<CidrBlock, V> values = new HashMap<>();
    private final NavigableSet<Integer> lengths = new TreeSet<>();

    /** @return what was there for this block, or the new value */
    V computeIfAbsent(CidrBlock block, V value) {
        lengths.add(block.length());
        var present = values.putIfAbsent(block, value);
        return present == null ? value : present;
    }

    /** The values of all blocks that hold this one, itself among them; the longest first. */
    Stream<V> holding(CidrBlock block) {
        return lengths.headSet(block.length(), true).descendingSet().stream()
                .flatMap(length -> Optional.ofNullable(values.get(block.truncate(length))).stream());
    }
}
