// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.CidrBlock;
import java.util.Comparator;

/** Whom an entry is about. Sorted: any, identities, blocks. */
public sealed interface EntryPeer extends Comparable<EntryPeer> {
    EntryPeer ANY = new Any();

    /** Everybody for whom no entry of their own matches. */
    record Any() implements EntryPeer {}

    /** By number; 2 (world) is every outside address that no block of the class holds. */
    record Identity(int number) implements EntryPeer {}

    /** Outside addresses of which this is the longest block of the class. */
    record Block(CidrBlock block) implements EntryPeer {}

    private int rank() {
        return switch (this) {
            case Any any -> 0;
            case Identity identity -> 1;
            case Block block -> 2;
        };
    }

    @Override
    default int compareTo(EntryPeer other) {
        if (this instanceof Identity one && other instanceof Identity two) {
            return Integer.compare(one.number, two.number);
        }
        if (this instanceof Block one && other instanceof Block two) {
            return one.block.compareTo(two.block);
        }
        return Comparator.<Integer>naturalOrder().compare(rank(), other.rank());
    }
}
