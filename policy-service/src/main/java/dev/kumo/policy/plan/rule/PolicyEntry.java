// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.PolicyId;
import java.util.Comparator;
import java.util.List;

/**
 * One entry of a class.
 *
 * @param deny denied, by a rule or because no rule allows it while a wider entry would
 * @param slot HTTP rules that decide on each request; 0 is none
 * @param derivedFrom the policies that allow or deny it, sorted; empty if none does
 */
public record PolicyEntry(Key key, boolean deny, int slot, List<PolicyId> derivedFrom)
        implements Comparable<PolicyEntry> {
    /** What an entry matches. @param protocol number of the IP protocol, 0 is any; then the ports are all */
    public record Key(Direction direction, EntryPeer peer, int protocol, PortPrefix ports) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::direction)
                .thenComparing(Key::peer)
                .thenComparing(Key::protocol)
                .thenComparing(Key::ports);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    public PolicyEntry {
        derivedFrom = List.copyOf(derivedFrom);
    }

    @Override
    public int compareTo(PolicyEntry other) {
        return key.compareTo(other.key);
    }
}
