// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.app.EnvoyFeedPart.Draft;
import dev.kumo.gateway.model.NodeView;
import dev.kumo.gateway.publish.Confirmations;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.NodePresence;
import dev.kumo.gateway.publish.NodeReports;
import dev.kumo.gateway.publish.PublishedListener;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.service.FeedSource;
import dev.kumo.kube.service.Problem;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.kube.service.ReportWait;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import dev.kumo.stream.server.ReportCheck;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The envoy feed. What nodes shall have depends on the cluster's objects alone, so every replica serves the same; what the
 * objects say of themselves depends on nodes' reports as well, and only the leader writes it.
 */
@Singleton
public final class EnvoyFeed implements FeedSource {
    private final GatewayTables tables;
    private final List<EnvoyFeedPart> parts;
    private final FeedState feed;
    private final LeaderGate leader;
    private final ProblemLog problems;
    private final Clock clock;
    private final Confirmations confirmations = new Confirmations();
    private final ReportWait reportWait = new ReportWait();
    private final EnvoyItems.Known known = new EnvoyItems.Known();
    private List<Draft> drafts = List.of();
    private List<PublishedListener> listeners = List.of();
    private StateSnapshot snapshot = StateSnapshot.empty();
    private boolean led;

    EnvoyFeed(
            GatewayTables tables,
            @All List<EnvoyFeedPart> parts,
            FeedState feed,
            LeaderGate leader,
            ProblemLog problems,
            Clock clock) {
        this.tables = tables;
        this.parts = parts;
        this.feed = feed;
        this.leader = leader;
        this.problems = problems;
        this.clock = clock;
    }

    @Override
    public Optional<StateSnapshot> plan() {
        var versions = tables.all().resourceVersions();
        var now = clock.instant();
        var wait = tables.secrets().follow(tables.secretNames(), now);
        if (wait.isPresent()) {
            // What is served stays until the Secret has been looked for: it must not look as if there were none.
            tables.all().signalIn(wait.get());
            return Optional.empty();
        }
        var next = parts.stream().map(EnvoyFeedPart::draft).toList();
        if (!next.equals(drafts)) {
            publish(next, versions);
        } else if (!snapshot.resourceVersions().equals(versions)) {
            snapshot = new StateSnapshot(snapshot.items(), versions);
        }
        settle(now);
        return Optional.of(snapshot);
    }

    /** What nodes shall have; what they have said doesn't matter here. */
    private void publish(List<Draft> next, SortedMap<String, Long> versions) {
        var items = new EnvoyItems(known);
        listeners = next.stream().flatMap(draft -> draft.add(items).stream()).toList();
        snapshot = items.snapshot(versions);
        drafts = next;
        items.endPlan();
    }

    @Override
    public ReportCheck reportCheck() {
        return new EnvoyReportCheck();
    }

    private void settle(Instant now) {
        boolean leading = leads();
        var ready = tables.nodes().rows().values().stream()
                .filter(NodeView::ready)
                .map(NodeView::name)
                .collect(Collectors.toSet());
        if (!reportWait.isOver(ready, feed.reports(), now)) {
            tables.all().signalIn(reportWait.remaining(now));
            drafts.forEach(draft -> draft.settle(Map.of(), false));
            return;
        }
        forgetNodesThatAreGone();
        var connected = feed.reports().connected();
        var presence = new NodePresence(
                tables.nodes().rows().keySet(),
                ready.stream().filter(connected::contains).collect(Collectors.toSet()));
        var standing =
                drafts.stream().flatMap(draft -> draft.standing().stream()).collect(Collectors.toSet());
        var words = confirmations.of(listeners, standing, new NodeReports(feed.reports()), presence, now);
        var found = new ArrayList<Problem>();
        drafts.forEach(draft -> found.addAll(draft.settle(words, leading)));
        problems.report(found);
        confirmations.nextCheck().ifPresent(tables.all()::signalIn);
    }

    private boolean leads() {
        boolean leading = leader.leading();
        if (led && !leading) {
            parts.forEach(EnvoyFeedPart::resign);
        }
        led = leading;
        return leading;
    }

    private void forgetNodesThatAreGone() {
        var known = tables.nodes().rows().keySet();
        var connected = feed.reports().connected();
        feed.reports().nodes().stream()
                .filter(node -> !known.contains(node) && !connected.contains(node))
                .forEach(feed.reports()::forget);
    }
}
