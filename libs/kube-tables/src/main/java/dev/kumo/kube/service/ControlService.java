// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TokenReviewAuthenticator;
import dev.kumo.stream.server.FeedEndpoint;
import dev.kumo.stream.server.FeedServer;
import dev.kumo.stream.server.FeedState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and ends a control service: tables and stages, the feed's server, leader election. */
@ApplicationScoped
public class ControlService {
    private static final Logger LOG = Logger.getLogger(ControlService.class);

    private final ControlConfig config;
    private final FeedIdentity feed;
    private final TableSet tables;
    private final LeaderGate leader;
    private final FeedState state;
    private final ProblemLog problems;
    private volatile @Nullable FeedServer server;

    ControlService(
            ControlConfig config,
            FeedIdentity feed,
            TableSet tables,
            LeaderGate leader,
            FeedState state,
            ProblemLog problems) {
        this.config = config;
        this.feed = feed;
        this.tables = tables;
        this.leader = leader;
        this.state = state;
        this.problems = problems;
    }

    /** @throws IOException if the feed's port cannot be bound: the process then ends */
    void start(
            @Observes StartupEvent event,
            FeedStages stages,
            FeedSource source,
            TokenReviewAuthenticator authenticator,
            BuildInfo build,
            MeterRegistry metrics)
            throws IOException {
        LOG.infof(
                "%s %s (%s), replica %s", feed.methods().service(), build.version(), build.commit(), config.podName());
        bindMetrics(metrics, build);
        state.reports().onChange(tables::signal);
        state.acks().onChange(tables::signal);
        leader.onChange(tables::signal);
        leader.start();
        stages.start();
        server = new FeedServer(
                        new FeedEndpoint(
                                feed.methods(),
                                config.feedPort().orElse(feed.methods().port()),
                                config.podName(),
                                source.tls(config)),
                        authenticator,
                        state,
                        source.reportCheck(),
                        tables::relist)
                .start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        var serving = server;
        if (serving != null) {
            serving.close();
        }
        tables.close();
        leader.close();
    }

    /** Whether the feed's port is bound. */
    boolean serving() {
        return server != null;
    }

    ServiceStatus status(ServiceStatus.Build build) {
        var byName = new TreeMap<String, ServiceStatus.Table>();
        for (KubeTable<?> table : tables.tables()) {
            byName.put(
                    table.name(),
                    new ServiceStatus.Table(
                            table.synced(), table.rows().size(), table.resourceVersion(), table.problems()));
        }
        return new ServiceStatus(
                feed.methods().service(),
                config.podName(),
                leader.leading(),
                build,
                byName,
                feedStatus(),
                problems.standing().stream().map(Problem::toString).toList());
    }

    private ServiceStatus.Feed feedStatus() {
        var connected = state.acks().connected();
        var refusals = connected.stream()
                .flatMap(node -> state.acks().refusals(node).entrySet().stream()
                        .map(refused -> "%s: %s: %s: %s"
                                .formatted(
                                        node,
                                        refused.getKey(),
                                        refused.getValue().getReason(),
                                        refused.getValue().getMessage())))
                .sorted()
                .toList();
        return new ServiceStatus.Feed(
                feed.methods().feed(),
                serving(),
                items(),
                connected,
                state.acks().inSync(),
                state.reports().connected(),
                refusals);
    }

    private int items() {
        var snapshot = state.publisher().current();
        return snapshot == null ? -1 : snapshot.items().size();
    }

    private void bindMetrics(MeterRegistry metrics, BuildInfo build) {
        tables.bindTo(metrics);
        leader.bindTo(metrics);
        build.bindTo(metrics);
        Gauge.builder("kumo.feed.nodes", state, s -> s.acks().connected().size())
                .tag("state", "connected")
                .register(metrics);
        Gauge.builder("kumo.feed.nodes", state, s -> s.acks().inSync().size())
                .tag("state", "in_sync")
                .register(metrics);
        Gauge.builder("kumo.feed.nodes", state, s -> s.reports().connected().size())
                .tag("state", "reporting")
                .register(metrics);
        Gauge.builder("kumo.feed.items", this, service -> Math.max(0, service.items()))
                .register(metrics);
    }
}
