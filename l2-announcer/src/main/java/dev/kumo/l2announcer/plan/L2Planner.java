// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.BackendNodes;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.model.ServiceView;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plans who answers for which address. What stands in Leases is announced; what should stand there is given out beside it. The
 * same inputs in any order give the same plan. Stateless, any thread.
 */
public final class L2Planner {
    public AnnouncementPlan plan(AnnouncementInputs inputs) {
        return new Planning(inputs).plan();
    }

    /** One run. */
    private static final class Planning {
        private final AnnouncementInputs inputs;
        private final List<Policy> policies;
        private final Map<String, NodeReport> reports;
        private final Holding holding;
        /** Also deleted ones: Leases are for people who look, and what nobody has withdrawn stands. */
        private final List<LeaseView> standing;

        private final Leases leases;
        private final TermOrder terms;
        private final Eligibility eligibility;
        private final List<AnnouncementProblem> problems = new ArrayList<>();

        Planning(AnnouncementInputs inputs) {
            this.inputs = inputs;
            this.policies = inputs.policies().stream()
                    .sorted(Comparator.comparing(PolicyView::name))
                    .map(Policy::of)
                    .toList();
            var nodes = inputs.nodes().stream()
                    .sorted(Comparator.comparing(NodeView::name))
                    .toList();
            this.reports = inputs.reports().stream().collect(Collectors.toMap(NodeReport::node, report -> report));
            this.holding = new Holding(reports);
            this.standing = Stream.concat(inputs.leases().stream(), inputs.lost().stream())
                    .toList();
            this.leases = new Leases(standing);
            this.terms = new TermOrder(standing);
            this.eligibility = new Eligibility(
                    nodes, reports, inputs.backends().stream().collect(Collectors.groupingBy(BackendNodes::service)));
        }

        AnnouncementPlan plan() {
            policyProblems();
            var covered = covered();
            var groups = ServiceGroup.of(covered);
            // Before anything new is given: all that is held counts.
            var planner = new GroupPlanner(inputs, leases, terms, holding, eligibility, problems);
            groups.forEach(planner::count);
            var announcements = new TreeMap<IPAddress, Announcement>();
            var targets = new ArrayList<LeaseGroup>();
            var wanted = new HashSet<ServiceRef>();
            for (var group : groups) {
                group.addresses().keySet().forEach(address -> announce(address, announcements));
                if (group.stays()) {
                    group.members()
                            .forEach(member -> wanted.add(member.service().ref()));
                } else {
                    planner.target(group).ifPresent(targets::add);
                }
            }
            var waiting = terms.waiting(targets, covered(groups), wanted);
            targets.forEach(group -> group.leases().forEach(lease -> wanted.add(lease.service())));
            wanted.addAll(waiting);
            targets.removeIf(group -> group.leases().stream().anyMatch(lease -> waiting.contains(lease.service())));
            var conditions = new PolicyConditions(policies, problems, covered, announcements);
            return new AnnouncementPlan(
                    announcements,
                    targets,
                    restored(wanted, targets),
                    withdrawn(wanted),
                    conditions.all(),
                    conditions.outdated(),
                    problems.stream().sorted().toList());
        }

        private static Set<IPAddress> covered(List<ServiceGroup> groups) {
            return groups.stream()
                    .flatMap(group -> group.addresses().keySet().stream())
                    .collect(Collectors.toSet());
        }

        private SortedMap<ServiceRef, Coverage> covered() {
            var coverage = new CoveragePlanner(policies, !inputs.unreadable().isEmpty(), nodeAddresses(), problems);
            var covered = new TreeMap<ServiceRef, Coverage>();
            for (var service : inputs.services()) {
                var lease = leases.of(service.ref());
                coverage.coverage(service, lease).ifPresent(found -> {
                    covered.put(service.ref(), found);
                    if (lease != null && lease.foreign()) {
                        foreign(service, lease);
                    }
                });
            }
            return covered;
        }

        private void foreign(ServiceView service, LeaseView lease) {
            problems.add(new AnnouncementProblem(
                    "Service " + service.ref(),
                    AnnouncementReason.FOREIGN_LEASE,
                    lease.assignment().isPresent()
                            ? "Lease %s names holder '%s', which is not of our making; the addresses stay as they are until it is deleted"
                                    .formatted(lease.name(), lease.holder())
                            : "Lease %s of holder '%s' is not ours; the Service is not announced until it is deleted"
                                    .formatted(lease.name(), lease.holder())));
        }

        private void announce(IPAddress address, Map<IPAddress, Announcement> announcements) {
            terms.latest(address).ifPresent(assignment -> {
                var list = assignment.list(address).orElseThrow();
                var holder = list.holders().getFirst().node();
                announcements.put(
                        address,
                        new Announcement(
                                list, assignment.term(), holding.holdsUnder(holder, address, assignment.term())));
            });
        }

        /**
         * Ours whose Service has nothing that is announced. One with a foreign holder is left alone, one that is being written is
         * looked at once that was seen.
         */
        private TreeSet<String> withdrawn(Set<ServiceRef> wanted) {
            return standing.stream()
                    .filter(lease -> !lease.foreign())
                    .filter(lease -> {
                        var service = lease.assignment().orElseThrow().service();
                        return !wanted.contains(service) && !inputs.asked().containsKey(service);
                    })
                    .map(LeaseView::name)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** Deleted ones that still stand for something, but for those that are written under a new term anyway. */
        private SortedMap<String, Assignment> restored(Set<ServiceRef> wanted, List<LeaseGroup> targets) {
            var rewritten = targets.stream()
                    .filter(LeaseGroup::outdated)
                    .flatMap(group -> group.leases().stream())
                    .map(LeaseGroup.LeaseTarget::service)
                    .collect(Collectors.toSet());
            var restored = new TreeMap<String, Assignment>();
            for (var lease : inputs.lost()) {
                lease.assignment()
                        .filter(assignment -> wanted.contains(assignment.service())
                                && !rewritten.contains(assignment.service())
                                && !inputs.asked().containsKey(assignment.service()))
                        .ifPresent(assignment -> restored.put(lease.name(), assignment));
            }
            return restored;
        }

        private void policyProblems() {
            inputs.unreadable()
                    .forEach((name, why) -> problems.add(new AnnouncementProblem(
                            "CiliumL2AnnouncementPolicy " + name, AnnouncementReason.UNREADABLE, why)));
            policies.forEach(policy -> policy.faults()
                    .forEach((reason, message) -> problems.add(
                            new AnnouncementProblem("CiliumL2AnnouncementPolicy " + policy.name(), reason, message))));
        }

        private Set<IPAddress> nodeAddresses() {
            var all = new HashSet<IPAddress>();
            inputs.nodes().stream()
                    .flatMap(node -> node.addresses().stream())
                    .map(address -> new IPAddressString(address).getAddress())
                    .filter(Objects::nonNull)
                    .forEach(all::add);
            reports.values().forEach(report -> report.links().forEach(link -> all.add(link.address())));
            return all;
        }
    }
}
