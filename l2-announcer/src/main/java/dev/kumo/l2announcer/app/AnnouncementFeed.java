// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.contract.announcement.v1.AnnouncementState;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.service.FeedSource;
import dev.kumo.kube.service.Problem;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.kube.service.ReportWait;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.plan.AnnouncementInputs;
import dev.kumo.l2announcer.plan.AnnouncementPlan;
import dev.kumo.l2announcer.plan.L2Planner;
import dev.kumo.l2announcer.publish.AnnouncementMapper;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import dev.kumo.stream.server.ReportCheck;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The announcement feed, served by the leader alone: nodes are sent elsewhere by any other replica, and keep what they hold. An
 * address is announced as its Service's Lease says, so never before that was written and seen.
 */
@Singleton
public final class AnnouncementFeed implements FeedSource {
    private final AnnouncementTables tables;
    private final FeedState feed;
    private final LeaseWriter leases;
    private final PolicyStatusWriter policies;
    private final AnnouncementMetrics metrics;
    private final ProblemLog problems;
    private final Clock clock;
    private final Leadership leadership;
    private final L2Planner planner = new L2Planner();
    private final AnnouncementMapper mapper = new AnnouncementMapper();
    private final ReportWait reportWait = new ReportWait();
    private final StandingLeases standingLeases = new StandingLeases();
    private final EnvoyPatience envoys = new EnvoyPatience();

    AnnouncementFeed(
            AnnouncementTables tables,
            FeedState feed,
            LeaderGate leader,
            LeaseWriter leases,
            PolicyStatusWriter policies,
            AnnouncementMetrics metrics,
            ProblemLog problems,
            Clock clock) {
        this.tables = tables;
        this.feed = feed;
        this.leases = leases;
        this.policies = policies;
        this.metrics = metrics;
        this.problems = problems;
        this.clock = clock;
        this.leadership = new Leadership(leader::leading, tables.leases());
    }

    @Override
    public Optional<StateSnapshot> plan() {
        // Versions before rows: what counts as seen is in the rows that are read next.
        var versions = tables.all().resourceVersions();
        long seenLeases = tables.leases().resourceVersion();
        var now = clock.instant();
        forgetNodesThatAreGone();
        var states = NodeReports.states(feed.reports());
        var reports = reports(states, now);
        boolean heard =
                reportWait.isOver(NodeView.readyNames(tables.nodes().rows().values()), feed.reports(), now);
        if (!leadership.speaks()) {
            follow();
            return Optional.empty();
        }
        if (!heard) {
            tables.all().signalIn(reportWait.remaining(now));
            return Optional.empty();
        }
        var rows = tables.leases().rows().values();
        var lost = standingLeases.lost(rows);
        var plan = planner.plan(inputs(reports, rows, lost, seenLeases));
        plan.groups().forEach(leases::write);
        plan.restored().forEach(leases::restore);
        if (standingLeases.withdrawn(plan.withdrawn(), lost)) {
            tables.all().signal();
        }
        leases.withdraw(plan.withdrawn());
        plan.conditions().forEach((policy, conditions) -> {
            if (plan.outdatedPolicies().contains(policy)) {
                policies.write(policy, conditions);
            }
        });
        metrics.show(plan);
        problems.report(standing(plan, states));
        return Optional.of(mapper.snapshot(plan, versions));
    }

    @Override
    public ReportCheck reportCheck() {
        return new NodeReportCheck(() -> tables.nodes().rows().values());
    }

    private void follow() {
        feed.publisher().withdraw();
        standingLeases.clear();
        leases.cancel();
        policies.cancel();
        metrics.show(null);
        problems.report(List.of());
    }

    private AnnouncementInputs inputs(
            List<NodeReport> reports, Collection<LeaseView> rows, List<LeaseView> lost, long seenLeases) {
        var asked = leases.unseen(seenLeases);
        return new AnnouncementInputs(
                List.copyOf(tables.policies().rows().values()),
                tables.policies().problems(),
                List.copyOf(tables.services().rows().values()),
                List.copyOf(tables.backends().rows().values()),
                List.copyOf(tables.nodes().rows().values()),
                reports,
                List.copyOf(rows),
                lost,
                asked);
    }

    private List<NodeReport> reports(SortedMap<String, AnnouncementState> states, Instant now) {
        var reports = new ArrayList<NodeReport>();
        states.forEach((node, state) ->
                reports.add(NodeReports.report(node, state, envoys.isReady(node, state.getEnvoyReady(), now))));
        var unready = states.values().stream()
                .filter(state -> !state.getEnvoyReady())
                .map(AnnouncementState::getNode)
                .collect(Collectors.toSet());
        envoys.nextEnd(unready, now).ifPresent(tables.all()::signalIn);
        return reports;
    }

    private static List<Problem> standing(AnnouncementPlan plan, SortedMap<String, AnnouncementState> states) {
        var standing = new ArrayList<Problem>();
        plan.problems().stream()
                .map(problem -> new Problem(problem.object(), problem.reason().name(), problem.message()))
                .forEach(standing::add);
        states.forEach((node, state) -> state.getRefusalsList()
                .forEach(refusal -> standing.add(new Problem(
                        "address "
                                + NodeReports.address(refusal.getAddress())
                                        .map(Object::toString)
                                        .orElse("?"),
                        // What a node says is no label of ours until it is one of ours.
                        Reason.named(refusal.getReason()).name(),
                        node + ": " + refusal.getMessage()))));
        return standing;
    }

    private void forgetNodesThatAreGone() {
        var known = tables.nodes().rows().keySet();
        var connected = feed.reports().connected();
        feed.reports().byNode().keySet().stream()
                .filter(node -> !known.contains(node) && !connected.contains(node))
                .forEach(feed.reports()::forget);
    }
}
