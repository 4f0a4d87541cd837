// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.model.LeaseView;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Remembers what Leases last said, so that one that somebody deletes is written anew as it was and its addresses are announced on.
 * Only the leader can tell such a deletion from a withdrawal, so it remembers from the day on which it leads. Planning thread only.
 */
final class StandingLeases {
    private final Map<String, LeaseView> lastSeen = new HashMap<>();

    /**
     * Takes up what Leases say now.
     *
     * @return those that are gone without having been withdrawn, as they last were but for a holder that somebody else had put in
     */
    List<LeaseView> lost(Collection<LeaseView> leases) {
        var present = new HashSet<String>();
        for (var lease : leases) {
            present.add(lease.name());
            lease.assignment()
                    .filter(ours -> !ours.nodes().isEmpty())
                    .ifPresentOrElse(
                            ours -> lastSeen.put(
                                    lease.name(),
                                    new LeaseView(lease.name(), ours.nodes().getFirst(), lease.assignment())),
                            () -> lastSeen.remove(lease.name()));
        }
        return lastSeen.values().stream()
                .filter(lease -> !present.contains(lease.name()))
                .toList();
    }

    /**
     * They stand for nothing any more: that they go is right. One counts on while another names an address under a lower term, so
     * that the lower one isn't taken for the latest.
     *
     * @return whether one that was lost is forgotten now, so that another plan may say more
     */
    boolean withdrawn(Set<String> names, Collection<LeaseView> lost) {
        var forgotten = lastSeen.values().stream()
                .filter(lease -> names.contains(lease.name()) && !isAboveAnother(lease))
                .map(LeaseView::name)
                .collect(Collectors.toSet());
        lastSeen.keySet().removeAll(forgotten);
        return lost.stream().map(LeaseView::name).anyMatch(forgotten::contains);
    }

    private boolean isAboveAnother(LeaseView lease) {
        var ours = lease.assignment().orElseThrow();
        return lastSeen.values().stream()
                .flatMap(other -> other.assignment().stream())
                .filter(other -> other.term() < ours.term())
                .anyMatch(other -> ours.lists().stream()
                        .anyMatch(list -> other.list(list.address()).isPresent()));
    }

    /** Another replica leads. */
    void clear() {
        lastSeen.clear();
    }
}
