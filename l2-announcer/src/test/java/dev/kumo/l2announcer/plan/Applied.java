// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.PolicyView;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The world as it is once everything that a plan says was written, and nodes that have reported do what Leases say. */
final class Applied {
    private Applied() {}

    static AnnouncementInputs to(AnnouncementInputs inputs, AnnouncementPlan plan) {
        var leases = new TreeMap<String, LeaseView>();
        inputs.leases().stream()
                .filter(lease -> !plan.withdrawn().contains(lease.name()))
                .forEach(lease -> leases.put(lease.name(), lease));
        for (var group : plan.groups()) {
            if (group.outdated()) {
                group.leases().forEach(target -> leases.put(target.lease(), written(target, group.above() + 1)));
            }
        }
        plan.restored()
                .forEach((name, assignment) ->
                        leases.put(name, new LeaseView(name, assignment.nodes().getFirst(), Optional.of(assignment))));
        return new AnnouncementInputs(
                inputs.policies().stream().map(policy -> policy(policy, plan)).toList(),
                inputs.unreadable(),
                inputs.services(),
                inputs.backends(),
                inputs.nodes(),
                inputs.reports().stream().map(report -> report(report, leases)).toList(),
                List.copyOf(leases.values()),
                List.of(),
                new TreeMap<>());
    }

    static LeaseView written(LeaseGroup.LeaseTarget target, long term) {
        return new LeaseView(
                target.lease(), target.holder(), Optional.of(new Assignment(target.service(), term, target.lists())));
    }

    private static PolicyView policy(PolicyView policy, AnnouncementPlan plan) {
        return new PolicyView(
                policy.name(),
                policy.generation(),
                policy.serviceSelector(),
                policy.nodeSelector(),
                policy.interfaces(),
                policy.externalIps(),
                policy.loadBalancerIps(),
                new ArrayList<>(plan.conditions().getOrDefault(policy.name(), List.of())));
    }

    /** First of a list answers, nobody else does. */
    private static NodeReport report(NodeReport report, TreeMap<String, LeaseView> leases) {
        var held = new TreeMap<IPAddress, Long>();
        leases.values().stream().flatMap(lease -> lease.assignment().stream()).forEach(assignment -> {
            for (var list : assignment.lists()) {
                if (list.nodes().getFirst().equals(report.node())) {
                    held.merge(list.address(), assignment.term(), Math::max);
                }
            }
        });
        return new NodeReport(report.node(), report.links(), report.envoyReady(), held);
    }
}
