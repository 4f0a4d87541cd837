// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.kube.TableSet;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

/**
 * The stages inside a service, joined by in-memory channels of which the latest element wins:
 * tables changed → planned → published. All of them run on the tables' own thread.
 */
@ApplicationScoped
public class FeedStages {
    private static final Logger LOG = Logger.getLogger(FeedStages.class);

    /** Says that the tables changed, not how: planning reads what they hold when its turn comes. */
    public enum Signal {
        CHANGED
    }

    private final TableSet tables;
    private final FeedSource source;
    private final FeedState state;
    private final Emitter<Signal> changes;
    private final MeterRegistry metrics;

    FeedStages(
            TableSet tables,
            FeedSource source,
            FeedState state,
            @Channel("changes") @OnOverflow(OnOverflow.Strategy.LATEST) Emitter<Signal> changes,
            MeterRegistry metrics) {
        this.tables = tables;
        this.source = source;
        this.state = state;
        this.changes = changes;
        this.metrics = metrics;
    }

    void start() {
        tables.start(() -> changes.send(Signal.CHANGED));
        tables.signal();
    }

    /** A failed plan is a bug: it is counted and logged, and what was published stays in force. */
    @Incoming("changes")
    @Outgoing("snapshots")
    Optional<StateSnapshot> plan(Signal signal) {
        var timer = Timer.start(metrics);
        try {
            return source.plan();
        } catch (RuntimeException e) {
            LOG.error("planning failed; what was published stays in force", e);
            metrics.counter("kumo.plan.failures").increment();
            return Optional.empty();
        } finally {
            timer.stop(metrics.timer("kumo.plan"));
        }
    }

    @Incoming("snapshots")
    void publish(Optional<StateSnapshot> snapshot) {
        snapshot.ifPresent(state.publisher()::publish);
    }
}
