// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.service.ControlConfig;
import dev.kumo.policy.plan.TrustAction;
import dev.kumo.policy.plan.TrustPlanner;
import dev.kumo.stream.FeedMethods;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the feeds' certificates, on a named thread: every replica reads its own leaf, the leader makes and renews what the
 * planner asks for.
 */
@ApplicationScoped
public class TrustKeeper {
    private static final Logger LOG = Logger.getLogger(TrustKeeper.class);
    private static final Duration UNTIL_FIRST_LEAF = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final TrustStore store;
    private final CertificateIssuer issuer = new CertificateIssuer();
    private final TrustConfig config;
    private final LeaderGate leader;
    private final ServiceCertificate own;
    private final Clock clock;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closed;
    private @Nullable Thread thread;

    TrustKeeper(
            KubernetesClient client,
            ControlConfig control,
            TrustConfig config,
            LeaderGate leader,
            ServiceCertificate own,
            Clock clock) {
        this.store = new TrustStore(client, control.namespace());
        this.config = config;
        this.leader = leader;
        this.own = own;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        leader.onChange(wake::release);
        thread = Thread.ofPlatform().name("certificates").daemon(true).start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        closed = true;
        wake.release();
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    private void run() {
        while (!closed) {
            try {
                if (leader.leading()) {
                    keep();
                }
                store.leaf(FeedMethods.POLICY.service()).ifPresent(own::set);
            } catch (RuntimeException | GeneralSecurityException e) {
                LOG.warnf("feeds' certificates: %s; tried again", e.getMessage());
            }
            var pause = own.read() == null ? UNTIL_FIRST_LEAF : PERIOD;
            try {
                var _ = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Until nothing is left to do; each turn sees what the one before has written. */
    private void keep() throws GeneralSecurityException {
        var services =
                Arrays.stream(FeedMethods.values()).map(FeedMethods::service).collect(Collectors.toSet());
        var planner = new TrustPlanner(services, config.certificateLifetime());
        while (!closed) {
            var authority = store.authority();
            var actions = planner.plan(store.state(authority, services), clock.instant());
            if (actions.isEmpty()) {
                return;
            }
            for (var action : actions) {
                perform(action, authority);
            }
        }
    }

    private void perform(TrustAction action, Optional<TrustStore.Authority> authority) throws GeneralSecurityException {
        switch (action) {
            case TrustAction.CreateAuthority _ -> store.create(issuer.authority(clock.instant(), config.caLifetime()));
            case TrustAction.RenewAuthority _ -> {
                var before = authority.orElseThrow();
                store.replace(
                        issuer.authority(clock.instant(), config.caLifetime()),
                        Optional.of(before.current().certificate()),
                        before.resourceVersion());
            }
            case TrustAction.DropPrevious _ -> {
                var before = authority.orElseThrow();
                store.replace(before.current(), Optional.empty(), before.resourceVersion());
            }
            case TrustAction.Publish _ -> store.publish(authority.orElseThrow());
            case TrustAction.IssueLeaf leaf ->
                store.write(
                        leaf.service(),
                        issuer.leaf(
                                authority.orElseThrow().current(),
                                authorityName(leaf.service()),
                                clock.instant(),
                                config.certificateLifetime()));
        }
        LOG.infof("feeds' certificates: %s", action);
    }

    private static String authorityName(String service) {
        return Arrays.stream(FeedMethods.values())
                .filter(methods -> methods.service().equals(service))
                .map(FeedMethods::authority)
                .findFirst()
                .orElseThrow();
    }
}
