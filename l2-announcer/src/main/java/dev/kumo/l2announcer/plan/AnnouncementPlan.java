// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.ConditionView;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Who answers for which address.
 *
 * @param announcements what Leases say already: only this is told to nodes
 * @param groups what Leases should say
 * @param restored what Leases that somebody has deleted are to say again, under the term that they had; by name
 * @param withdrawn names of Leases of ours, also of deleted ones, that stand for nothing any more
 * @param conditions ours, by policy
 * @param outdatedPolicies whose status says something else
 */
public record AnnouncementPlan(
        SortedMap<IPAddress, Announcement> announcements,
        List<LeaseGroup> groups,
        SortedMap<String, Assignment> restored,
        SortedSet<String> withdrawn,
        SortedMap<String, List<ConditionView>> conditions,
        SortedSet<String> outdatedPolicies,
        List<AnnouncementProblem> problems) {}
