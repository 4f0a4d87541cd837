// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.cni.ConfList;
import dev.kumo.dataplane.debug.DebugServer;
import dev.kumo.dataplane.feed.FeedGate;
import dev.kumo.dataplane.feed.Feeds;
import dev.kumo.dataplane.feed.ReplicaDirectory;
import dev.kumo.dataplane.feed.ReplicaWatch;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.kube.ApiServers;
import dev.kumo.stream.node.FeedCredentials;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jboss.logging.Logger;

/**
 * The dataplane from start to end: restores the feeds from disk, dials them, and once the own Node is known brings the node
 * up. Nothing here waits for the API server or a control service. An end leaves the datapath as it is.
 */
@ApplicationScoped
public class DataplaneApp {
    private static final Logger LOG = Logger.getLogger(DataplaneApp.class);

    private final DataplaneConfig config;
    private final DataplaneMetrics metrics;
    private final ApplyLoop loop;
    private final FeedGate gate;
    private final ReplicaDirectory replicas;
    private final Feeds feeds;
    private final NodeReadiness readiness;
    private final NodeStateReporter state;
    private final NodeRuntime runtime;
    private final DebugTables tables;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    DataplaneApp(DataplaneConfig config, MeterRegistry registry, Vertx vertx) {
        this.config = config;
        metrics = new DataplaneMetrics(registry);
        loop = new ApplyLoop(metrics);
        gate = new FeedGate(config.nodeName());
        replicas = ReplicaDirectory.open(config.paths().state().resolve("replicas.json"));
        feeds = new Feeds(
                config.nodeName(),
                replicas,
                FeedCredentials.files(
                        config.paths().authorities(), config.paths().token()),
                config.paths().state().resolve("feeds"),
                gate);
        readiness = new NodeReadiness(feeds, loop);
        var build = BuildInfo.read();
        tables = new DebugTables(build, feeds, loop);
        state = new NodeStateReporter(config.nodeName(), build, readiness, feeds);
        var packets = new PacketMetrics(registry, loop);
        runtime = new NodeRuntime(
                config,
                loop,
                new NodeBuilder(config, new Kernel(config.paths())),
                new NodeRuntime.Surroundings(
                        vertx,
                        feeds.policyReports(),
                        feeds.announcementReports(),
                        feeds.envoyReports(),
                        feeds.policyStates(),
                        readiness,
                        state,
                        metrics,
                        packets,
                        tables,
                        DataplaneApp::restart));
        running.push(packets);
    }

    void start(@Observes StartupEvent event) {
        metrics.addFeeds(feeds);
        metrics.addReadiness(readiness);
        loop.start();
        running.push(loop);
        state.start(new ConfList(config.paths().cniConfig())::write);
        running.push(state);
        running.push(feeds);
        running.push(runtime);
        serveTables();
        new NodeStart(loop, gate, readiness, runtime).begin();
        feeds.start(state::changed);
        watchReplicas();
    }

    void stop(@Observes ShutdownEvent event) {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the dataplane did not close", e);
            }
        }
    }

    ApplyLoop loop() {
        return loop;
    }

    NodeReadiness readiness() {
        return readiness;
    }

    /** Without its debug socket the dataplane does all else that it should. */
    private void serveTables() {
        try {
            var server = new DebugServer(config.paths().run().resolve("dataplane.sock"), tables.commands());
            running.push(server);
            server.start();
        } catch (IOException e) {
            LOG.error("the debug socket can't be served", e);
        }
    }

    private void watchReplicas() {
        if (config.apiServers().isEmpty()) {
            LOG.warn("KUMO_API_SERVERS is empty: feeds are dialled where the disk remembers them");
            return;
        }
        var account = config.paths().serviceAccount();
        var servers = new ApiServers(config.apiServers().get(), account.resolve("token"), account.resolve("ca.crt"));
        var client = servers.client(new KubernetesSerialization());
        var watch = new ReplicaWatch(client, config.namespace(), replicas);
        watch.start();
        running.push(client::close);
        running.push(watch);
    }

    private static void restart() {
        Quarkus.asyncExit(1);
    }
}
