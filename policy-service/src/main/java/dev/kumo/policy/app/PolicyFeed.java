// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.service.ControlConfig;
import dev.kumo.kube.service.FeedSource;
import dev.kumo.kube.service.Problem;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.kube.service.ReportWait;
import dev.kumo.policy.certificate.ServiceCertificate;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyInputs;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.plan.PolicyPlanner;
import dev.kumo.policy.publish.NodePresence;
import dev.kumo.policy.publish.PolicyPublishing;
import dev.kumo.policy.publish.PolicyState;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import dev.kumo.stream.server.ReportCheck;
import dev.kumo.stream.server.ServerTls;
import inet.ipaddr.IPAddress;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The policy feed: nodes, identities, addresses, endpoints, classes; identities are created and deleted on the way. */
@Singleton
public final class PolicyFeed implements FeedSource {
    private final PolicyTables tables;
    private final FeedState feed;
    private final PolicyWrites writes;
    private final ProblemLog problems;
    private final ServiceCertificate certificate;
    private final Clock clock;
    private final PolicyPlanner planner = new PolicyPlanner();
    private final RulePlans rules;
    private final PolicyPublishing publishing;
    private final ReportWait reportWait = new ReportWait();
    private SortedMap<String, PlannedEndpoint> inForce = new TreeMap<>();

    PolicyFeed(
            PolicyTables tables,
            FeedState feed,
            PolicyWrites writes,
            ProblemLog problems,
            ServiceCertificate certificate,
            Clock clock) {
        this.tables = tables;
        this.feed = feed;
        this.writes = writes;
        this.problems = problems;
        this.certificate = certificate;
        this.clock = clock;
        this.rules = new RulePlans(tables);
        this.publishing = new PolicyPublishing(feed);
    }

    @Override
    public Optional<StateSnapshot> plan() {
        var versions = tables.all().resourceVersions();
        var nodes = tables.nodes().rows().values();
        var now = clock.instant();
        forgetNodesThatAreGone();
        var reports = NodeReports.of(feed.reports());
        writes.nodes(nodes, reports.states(), feed.reports().connected());
        if (!reportWait.isOver(NodeView.readyNames(nodes), feed.reports(), now)) {
            tables.all().signalIn(reportWait.remaining(now));
            return Optional.empty();
        }
        var plan = planner.plan(inputs(reports));
        inForce = plan.endpoints();
        var retired = writes.identities(plan, publishing::isWithdrawn, now);
        var snapshot =
                publishing.snapshot(plan, rules.plan(plan, retired), retired, ingressAddresses(reports), versions, now);
        var policies = publishing.policyStates(tables.rules().policies(), presence(), reports.policies(), now);
        writes.policies(policies);
        report(plan, policies);
        Stream.of(publishing.nextCheck(now), writes.nextCheck(now))
                .flatMap(Optional::stream)
                .forEach(tables.all()::signalIn);
        return Optional.of(snapshot);
    }

    @Override
    public ReportCheck reportCheck() {
        return new NodeReportCheck(tables.pods()::row, tables.nodes()::row);
    }

    /** Our own leaf comes from the API: it is us who make it. */
    @Override
    public ServerTls tls(ControlConfig config) {
        return certificate;
    }

    private void report(PolicyPlan plan, List<PolicyState> policies) {
        var standing = new ArrayList<>(tables.rules().problems());
        plan.problems().stream()
                .map(problem -> new Problem(problem.object(), problem.reason().name(), problem.message()))
                .forEach(standing::add);
        policies.stream()
                .filter(PolicyState::isRefused)
                .map(state -> new Problem(state.policy().policy().id().toString(), state.reason(), state.message()))
                .forEach(standing::add);
        problems.report(standing);
    }

    private NodePresence presence() {
        var nodes = tables.nodes().rows();
        return new NodePresence(
                nodes.keySet(),
                nodes.values().stream()
                        .filter(NodeView::ready)
                        .map(NodeView::name)
                        .collect(Collectors.toSet()),
                feed.reports().connected());
    }

    private void forgetNodesThatAreGone() {
        var known = tables.nodes().rows().keySet();
        var connected = feed.reports().connected();
        feed.reports().byNode().keySet().stream()
                .filter(node -> !known.contains(node) && !connected.contains(node))
                .forEach(feed.reports()::forget);
    }

    private PolicyInputs inputs(NodeReports reports) {
        var pods = List.copyOf(tables.pods().rows().values());
        var claims = new ArrayList<>(reports.claims());
        claims.addAll(KnownAddresses.ofSilentNodes(pods, feed.reports().synced()));
        return new PolicyInputs(
                List.copyOf(tables.nodes().rows().values()),
                List.copyOf(tables.namespaces().rows().values()),
                pods,
                List.copyOf(tables.identities().rows().values()),
                claims,
                inForce);
    }

    /** A node may name an address of its own ranges only. */
    private SortedMap<String, IPAddress> ingressAddresses(NodeReports reports) {
        var addresses = new TreeMap<String, IPAddress>();
        reports.states().forEach((name, state) -> {
            var node = tables.nodes().rows().get(name);
            NodeReports.address(state.getIngressAddress())
                    .filter(address -> node != null && node.ownsAddress(address))
                    .ifPresent(address -> addresses.put(name, address));
        });
        return addresses;
    }
}
