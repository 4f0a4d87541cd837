// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Destination ports that a rule names. */
public sealed interface PortMatch {
    int LAST_PORT = 65_535;

    /** Every protocol and port. */
    Numbers EVERYTHING = new Numbers(0, 0, LAST_PORT);

    /**
     * Ports by number, or ICMP types.
     *
     * @param protocol number of the IP protocol; 0 is any, and then the range is whole
     * @param first port or ICMP type
     * @param last inclusive
     */
    record Numbers(int protocol, int first, int last) implements PortMatch {}

    /** A port by the name that containers give it. @param protocols numbers of those that may carry it */
    record Named(String name, SortedSet<Integer> protocols) implements PortMatch {
        public Named {
            protocols = Collections.unmodifiableSortedSet(new TreeSet<>((Collection<Integer>) protocols));
        }
    }
}
