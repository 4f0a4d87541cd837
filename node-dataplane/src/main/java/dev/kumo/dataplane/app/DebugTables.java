// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.announce.AnnouncementManager;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.Hook;
import dev.kumo.dataplane.bpf.map.MetricKey;
import dev.kumo.dataplane.bpf.map.MetricValue;
import dev.kumo.dataplane.debug.DebugCommand;
import dev.kumo.dataplane.debug.IdentityTable;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.endpoint.Endpoints;
import dev.kumo.dataplane.feed.Feeds;
import dev.kumo.dataplane.policy.PolicyManager;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.service.ServiceManager;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.node.FeedStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the debug socket answers: tables of the node's parts, most of them read on the apply loop. Any thread. */
final class DebugTables {
    private final BuildInfo build;
    private final Feeds feeds;
    private final ApplyLoop loop;
    private final IdentityTable identities = new IdentityTable();
    private volatile @Nullable Node node;

    /** What there is once the node is known. */
    record Node(
            ServiceManager services,
            PolicyManager policy,
            AnnouncementManager announcements,
            Endpoints endpoints,
            KernelMap<MetricKey, MetricValue> metrics) {}

    DebugTables(BuildInfo build, Feeds feeds, ApplyLoop loop) {
        this.build = build;
        this.feeds = feeds;
        this.loop = loop;
    }

    /** To be added to the loop before the feeds are let in. */
    IdentityTable identities() {
        return identities;
    }

    void node(Node node) {
        this.node = node;
    }

    Map<String, DebugCommand> commands() {
        return Map.of(
                "version", () -> CompletableFuture.completedFuture(build),
                "feeds", () -> CompletableFuture.completedFuture(feedRows()),
                "accept-older", this::acceptOlder,
                "endpoints", () -> CompletableFuture.completedFuture(endpointRows(known().endpoints())),
                "identities", () -> onLoop(_ -> identities.rows()),
                "services", () -> onLoop(parts -> parts.services().rows()),
                "policy", () -> onLoop(parts -> parts.policy().rows(parts.endpoints())),
                "l2", () -> onLoop(parts -> parts.announcements().rows(Instant.now())),
                "drops", () -> onLoop(parts -> dropRows(parts.metrics())));
    }

    private CompletionStage<TableView> onLoop(Function<Node, TableView> rows) {
        Node parts = known();
        return loop.run(Priority.REST, () -> rows.apply(parts));
    }

    private Node known() {
        return Optional.ofNullable(node)
                .orElseThrow(() ->
                        new IllegalStateException("the node isn't known yet: its own entry of the feed is awaited"));
    }

    private CompletionStage<?> acceptOlder() {
        for (FeedMethods feed : FeedMethods.values()) {
            feeds.acceptOlder(feed);
        }
        return CompletableFuture.completedFuture(Map.of("accepted", true));
    }

    private TableView feedRows() {
        var view = TableView.columns("feed", "replica", "address", "in sync", "since", "items", "error");
        for (FeedStatus status : feeds.states()) {
            String error = status.lastError() == null ? "" : status.lastError() + " " + status.message();
            view.row(
                    status.feed().feed(),
                    status.replica(),
                    status.address() == null ? "" : status.address().toString(),
                    status.inSync(),
                    status.since().toString(),
                    status.items(),
                    error.strip());
        }
        return view.build();
    }

    private static TableView endpointRows(Endpoints endpoints) {
        var view = TableView.columns("pod", "address", "identity", "class", "link", "ifindex", "state", "host ports");
        endpoints.all().stream()
                .sorted(Comparator.comparing(endpoint -> endpoint.pod().toString()))
                .forEach(endpoint -> view.row(
                        endpoint.pod().toString(),
                        endpoint.address().toString(),
                        endpoint.security().identity(),
                        endpoint.security().classNumber(),
                        endpoint.attachment().hostName(),
                        endpoint.place().ifindex(),
                        endpoint.phase().name().toLowerCase(Locale.ROOT),
                        endpoint.ports().stream()
                                .map(port -> port.hostPort() + "/" + port.protocol())
                                .toList()));
        return view.build();
    }

    private static TableView dropRows(KernelMap<MetricKey, MetricValue> metrics) {
        var counted = new TreeMap<MetricKey, MetricValue>(Comparator.comparingInt(MetricKey::reason)
                .thenComparingInt(MetricKey::hook)
                .thenComparingInt(MetricKey::direction));
        metrics.forEach(counted::put);
        var view = TableView.columns("reason", "hook", "direction", "packets", "bytes");
        counted.forEach((key, value) -> {
            if (DropReason.isLoss(key.reason())) {
                view.row(
                        DropReason.nameOf(key.reason()),
                        Hook.nameOf(key.hook()),
                        FlowDirection.nameOf(key.direction()),
                        value.packets(),
                        value.bytes());
            }
        });
        return view.build();
    }
}
