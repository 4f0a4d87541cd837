// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.NodeReport;
import inet.ipaddr.IPAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What nodes say they answer for. */
record Holding(Map<String, NodeReport> reports) {
    /** A node whose terms reach this is mistaken: they would soon leave no higher one. */
    private static final long ABSURD = Long.MAX_VALUE / 2;

    /** Whether the node has said anything since we started. */
    boolean isKnown(String node) {
        return reports.containsKey(node);
    }

    boolean holds(String node, IPAddress address) {
        var report = reports.get(node);
        return report != null && report.held().containsKey(address);
    }

    boolean holdsUnder(String node, IPAddress address, long term) {
        var report = reports.get(node);
        return report != null && Long.valueOf(term).equals(report.held().get(address));
    }

    /** A backup that has taken addresses over because the holder was silent on the wire: the first in the list. */
    Optional<String> claimant(GroupLease lease) {
        return lease.nodes().stream()
                .skip(1)
                .filter(node -> lease.assignments().stream()
                        .filter(assignment -> assignment.term() == lease.term())
                        .flatMap(assignment -> assignment.lists().stream())
                        .anyMatch(list -> holdsUnder(node, list.address(), lease.term())))
                .findFirst();
    }

    /** The highest term that any node holds one of the addresses under; 0 if none does. */
    long highestTerm(Collection<IPAddress> addresses) {
        return reports.values().stream()
                .flatMap(report -> addresses.stream().map(report.held()::get))
                .filter(term -> term != null && term < ABSURD)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }
}
