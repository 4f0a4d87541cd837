// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.EnvoyState;
import dev.kumo.contract.policy.v1.FeedState;
import dev.kumo.contract.policy.v1.Link;
import dev.kumo.contract.policy.v1.NodeState;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.envoy.ConnectedEnvoy;
import dev.kumo.dataplane.feed.Feeds;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells policy-service what state the node is in, on each change and at least every second; equal states are told once. Runs
 * on its own thread "node-state".
 */
final class NodeStateReporter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NodeStateReporter.class);
    private static final String TABLE = "node_states";

    private final String node;
    private final BuildInfo build;
    private final NodeReadiness readiness;
    private final Feeds feeds;
    private final SortedMap<String, Link> links = new ConcurrentSkipListMap<>();
    private volatile Supplier<List<ConnectedEnvoy>> envoys = List::of;
    private volatile ByteString ingressAddress = ByteString.EMPTY;
    private volatile Consumer<StateItem> report = _ -> {};
    /** Both belong to its thread. */
    private boolean wasReady;

    private @Nullable Optional<NodeProblem> logged;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().name("node-state").daemon(true).unstarted(work));

    NodeStateReporter(String node, BuildInfo build, NodeReadiness readiness, Feeds feeds) {
        this.node = node;
        this.build = build;
        this.readiness = readiness;
        this.feeds = feeds;
    }

    /** @param ready called once, when the node is ready for the first time */
    void start(Runnable ready) {
        var _ = thread.scheduleWithFixedDelay(() -> tell(ready), 0, 1, TimeUnit.SECONDS);
    }

    /** Where states go from now on, beginning with the present one. */
    void publish(Consumer<StateItem> report) {
        this.report = report;
        report.accept(item());
    }

    /** Something may have changed. Any thread; returns at once. */
    void changed() {
        thread.execute(() -> report.accept(item()));
    }

    /** Where the node's Envoys are known. */
    void envoys(Supplier<List<ConnectedEnvoy>> connected) {
        envoys = connected;
    }

    /** Where this node's gateway traffic leaves from. Any thread. */
    void ingressAddress(Address address) {
        ingressAddress = ByteString.copyFrom(address.bytes());
    }

    /** A LAN device as it is now. Any thread. */
    void link(dev.kumo.dataplane.link.Link link) {
        links.put(
                link.name(),
                Link.newBuilder()
                        .setName(link.name())
                        .setUp(link.up() && link.carrier())
                        .setMac(ByteString.copyFrom(link.mac().bytes()))
                        .build());
    }

    @Override
    public void close() {
        report = _ -> {};
        thread.shutdownNow();
    }

    NodeState state() {
        var problem = readiness.problem();
        var state = NodeState.newBuilder()
                .setNode(node)
                .setReady(problem.isEmpty())
                .setVersion(build.version())
                .setCommit(build.commit())
                .setRuntime(build.runtime())
                .addAllLinks(links.values())
                .setIngressAddress(ingressAddress)
                .setEnvoy(envoy());
        problem.ifPresent(found -> state.setReason(found.reason().name()).setMessage(found.message()));
        feeds.states().stream()
                .sorted(Comparator.comparing(status -> status.feed().feed()))
                .map(NodeStateReporter::feedState)
                .forEach(state::addFeeds);
        return state.build();
    }

    private StateItem item() {
        return StateItem.of(TABLE, node, state());
    }

    private void tell(Runnable ready) {
        try {
            var problem = readiness.problem();
            if (problem.isEmpty() && !wasReady) {
                ready.run();
                wasReady = true;
            }
            log(problem);
            report.accept(item());
        } catch (RuntimeException e) {
            LOG.error("the node's state could not be told; tried again", e);
        }
    }

    private void log(Optional<NodeProblem> problem) {
        if (!problem.equals(logged)) {
            logged = problem;
            problem.ifPresentOrElse(
                    found -> LOG.infof("node=%s is not ready reason=%s: %s", node, found.reason(), found.message()),
                    () -> LOG.infof("node=%s is ready", node));
        }
    }

    private EnvoyState envoy() {
        var connected = envoys.get();
        return EnvoyState.newBuilder()
                .setConnected(!connected.isEmpty())
                .setMode("DaemonSet")
                .setVersion(connected.isEmpty() ? "" : connected.getLast().version())
                .build();
    }

    private static FeedState feedState(FeedStatus status) {
        return FeedState.newBuilder()
                .setFeed(status.feed().feed())
                .setInSync(status.inSync())
                .setReplica(status.replica())
                .build();
    }
}
