// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PortMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ports (or ICMP types) with equal leading bits.
 *
 * @param port the first
 * @param length leading bits that count: 16 is one port, 0 all
 */
public record PortPrefix(int port, int length) implements Comparable<PortPrefix> {
    public static final PortPrefix ALL = new PortPrefix(0, 0);
    private static final int BITS = 16;
    private static final Comparator<PortPrefix> ORDER =
            Comparator.comparing(PortPrefix::port).thenComparing(PortPrefix::length);

    /** The last port. */
    public int last() {
        return port + (1 << (BITS - length)) - 1;
    }

    public boolean contains(int other) {
        return port <= other && other <= last();
    }

    /** The fewest prefixes that make up a range. */
    static List<PortPrefix> cover(int first, int last) {
        var prefixes = new ArrayList<PortPrefix>();
        int next = first;
        while (next <= last) {
            int bits = next == 0 ? BITS : Math.min(BITS, Integer.numberOfTrailingZeros(next));
            while (next + (1 << bits) - 1 > last) {
                bits--;
            }
            prefixes.add(new PortPrefix(next, BITS - bits));
            next += 1 << bits;
        }
        return List.copyOf(prefixes);
    }

    /** Whether a range is every port. */
    static boolean isAll(int first, int last) {
        return first == 0 && last == PortMatch.LAST_PORT;
    }

    @Override
    public int compareTo(PortPrefix other) {
        return ORDER.compare(this, other);
    }
}
