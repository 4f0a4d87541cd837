// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.ServiceRef;
import java.util.List;

/**
 * The Leases of Services that share addresses, which have the same holders and the same term.
 *
 * @param leases by Service, sorted
 * @param above a new list has a term higher than this
 * @param outdated whether the Leases that were seen say something else: then they need a new term
 */
public record LeaseGroup(List<LeaseTarget> leases, long above, boolean outdated) {
    public LeaseGroup {
        leases = List.copyOf(leases);
    }

    /**
     * What one Lease should say.
     *
     * @param lease its name
     * @param lists by address, sorted
     */
    public record LeaseTarget(ServiceRef service, String lease, List<HolderList> lists) {
        public LeaseTarget {
            lists = List.copyOf(lists);
        }

        /** The node that answers. */
        public String holder() {
            return lists.getFirst().holders().getFirst().node();
        }
    }
}
