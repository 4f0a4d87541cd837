// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.plan.LeaseGroup;
import dev.kumo.l2announcer.plan.LeaseGroup.LeaseTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Leases were told to say and has not come back through the watch. Asked by the planning thread, answered by writing
 * threads.
 */
final class AskedLeases {
    private final Map<ServiceRef, Entry> entries = new HashMap<>();

    /** @param version the Lease's resourceVersion after the write; 0 until then */
    private record Entry(LeaseTarget target, long version) {}

    /**
     * What was asked of a Lease is seen before anything else is asked of it: in between nobody could tell which terms stand.
     *
     * @return whether the group is to be written now
     */
    synchronized boolean ask(LeaseGroup group) {
        if (!group.outdated() || group.leases().stream().anyMatch(target -> entries.containsKey(target.service()))) {
            return false;
        }
        group.leases().forEach(target -> entries.put(target.service(), new Entry(target, 0)));
        return true;
    }

    /** As {@link #ask}, for one Lease that is written anew as it was. */
    synchronized boolean askAgain(LeaseTarget target) {
        return entries.putIfAbsent(target.service(), new Entry(target, 0)) == null;
    }

    /** Whether that is still asked for: it no longer is once another replica leads. */
    synchronized boolean isAsked(LeaseTarget target) {
        var entry = entries.get(target.service());
        return entry != null && entry.target.equals(target);
    }

    /** It was not written and won't be. */
    synchronized void forget(LeaseTarget target) {
        entries.values().removeIf(entry -> entry.target.equals(target));
    }

    synchronized void written(LeaseTarget target, long version) {
        entries.computeIfPresent(
                target.service(), (_, entry) -> entry.target.equals(target) ? new Entry(target, version) : entry);
    }

    /** Forgets what has come back; the rest by Service. @param seen the resourceVersion that the table has reached */
    synchronized SortedMap<ServiceRef, List<HolderList>> unseen(long seen) {
        entries.values().removeIf(entry -> entry.version > 0 && entry.version <= seen);
        var lists = new TreeMap<ServiceRef, List<HolderList>>();
        entries.forEach((service, entry) -> lists.put(service, entry.target.lists()));
        return lists;
    }

    synchronized void clear() {
        entries.clear();
    }
}
