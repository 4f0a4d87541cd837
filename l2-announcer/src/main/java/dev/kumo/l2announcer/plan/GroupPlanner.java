// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.Holder;
import dev.kumo.l2announcer.model.HolderList;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Plans the Leases of one group after another: who holds its addresses, and whether that needs a new term. Groups are counted
 * first, all of them, so that what is new goes where least is held. Refusals are collected on the way.
 */
final class GroupPlanner {
    private final AnnouncementInputs inputs;
    private final Leases leases;
    private final TermOrder terms;
    private final Holding holding;
    private final Eligibility eligibility;
    private final HolderOrder holders;
    private final List<AnnouncementProblem> problems;

    GroupPlanner(
            AnnouncementInputs inputs,
            Leases leases,
            TermOrder terms,
            Holding holding,
            Eligibility eligibility,
            List<AnnouncementProblem> problems) {
        this.inputs = inputs;
        this.leases = leases;
        this.terms = terms;
        this.holding = holding;
        this.eligibility = eligibility;
        this.holders = new HolderOrder(holding);
        this.problems = problems;
    }

    void count(ServiceGroup group) {
        holders.count(order(group));
    }

    private GroupLease lease(ServiceGroup group) {
        return new GroupLease(group.members().stream()
                .map(member -> leases.of(member.service().ref()))
                .filter(Objects::nonNull)
                .flatMap(lease -> lease.assignment().stream())
                .toList());
    }

    /** The order that the group has, or was last asked to have. */
    private List<String> order(ServiceGroup group) {
        return asked(group).orElseGet(() -> lease(group).nodes());
    }

    private Optional<List<String>> asked(ServiceGroup group) {
        return group.members().stream()
                .map(member -> inputs.asked().get(member.service().ref()))
                .filter(lists -> lists != null && !lists.isEmpty())
                .map(lists -> new Assignment(group.first(), 0, lists).nodes())
                .findFirst();
    }

    /** What the group's Leases should say; empty if nobody may hold its addresses. */
    Optional<LeaseGroup> target(ServiceGroup group) {
        var before = lease(group);
        var candidates = eligibility.candidates(group, before);
        var order = holders.order(group.first().toString(), candidates, order(group), holding.claimant(before));
        if (order.isEmpty()) {
            noNode(group, candidates);
            return Optional.empty();
        }
        var addresses = group.addresses().keySet();
        var leaving = holders.leaving(order, before, addresses).filter(this::exists);
        var targets = group.members().stream()
                .map(member -> new LeaseGroup.LeaseTarget(
                        member.service().ref(),
                        leases.give(member.service().ref()),
                        member.addresses().keySet().stream()
                                .map(address -> new HolderList(
                                        address,
                                        Stream.concat(
                                                        order.stream().map(node -> holder(candidates, node, address)),
                                                        leaving.flatMap(node -> before.holder(address, node)).stream())
                                                .toList()))
                                .toList()))
                .toList();
        long highest = Math.max(holding.highestTerm(addresses), terms.highest(addresses));
        boolean outdated = highest > before.term()
                || before.assignments().size() < targets.size()
                || !targets.stream()
                        .allMatch(target -> before.assignments().stream()
                                .anyMatch(assignment -> assignment.service().equals(target.service())
                                        && assignment.term() == before.term()
                                        && assignment.lists().equals(target.lists())));
        return Optional.of(new LeaseGroup(targets, Math.max(before.term(), highest), outdated));
    }

    private boolean exists(String node) {
        return inputs.nodes().stream().anyMatch(view -> view.name().equals(node));
    }

    private static Holder holder(SortedMap<String, Candidate> candidates, String node, IPAddress address) {
        return Objects.requireNonNull(
                Objects.requireNonNull(candidates.get(node)).holders().get(address));
    }

    private void noNode(ServiceGroup group, SortedMap<String, Candidate> candidates) {
        String why = !eligibility.selectsSome(group)
                ? "no node is selected for all of its addresses"
                : candidates.isEmpty()
                        ? "no selected node has a link that matches and is up"
                        : group.gateway()
                                ? "no selected node is Ready and has an Envoy that is"
                                : "no selected node has a backend of each Service";
        group.members()
                .forEach(member -> problems.add(new AnnouncementProblem(
                        "Service " + member.service().ref(), AnnouncementReason.NO_ELIGIBLE_NODE, why)));
    }
}
