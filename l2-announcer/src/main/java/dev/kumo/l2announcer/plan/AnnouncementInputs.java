// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.BackendNodes;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.model.ServiceView;
import java.util.List;
import java.util.SortedMap;

/**
 * Everything a plan is computed from, in any order.
 *
 * @param unreadable policies that do not fit their schema, by name: why
 * @param reports a node that has not reported since we started has none
 * @param lost Leases that somebody has deleted, as they last were; none of {@code leases} has such a name
 * @param asked what Leases were last told to say, by Service, where that has not been seen yet
 */
public record AnnouncementInputs(
        List<PolicyView> policies,
        SortedMap<String, String> unreadable,
        List<ServiceView> services,
        List<BackendNodes> backends,
        List<NodeView> nodes,
        List<NodeReport> reports,
        List<LeaseView> leases,
        List<LeaseView> lost,
        SortedMap<ServiceRef, List<HolderList>> asked) {}
