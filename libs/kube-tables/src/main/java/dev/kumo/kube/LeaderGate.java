// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Elects one replica by a Lease, on a named thread of its own. Any thread may ask; listeners run on that thread.
 *
 * <p>As in client-go, another's lease has run out once it stood unchanged for its duration on our own clock, so clocks of
 * nodes need not agree; and a leader that could not renew stops leading before its lease runs out for others. A lease is
 * given up on {@link #close}. (fabric8's LeaderElector judges others by their wall clock, and its future never ends when the
 * API server is gone at the deadline.)
 */
public final class LeaderGate implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LeaderGate.class);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(7);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final ObjectName lease;
    private final String identity;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean leading;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private @Nullable String observedVersion;
    private long observedAt;
    private long renewedAt;

    /** @param identity of this replica: its pod's name */
    public LeaderGate(KubernetesClient client, ObjectName lease, String identity) {
        this.client = client;
        this.lease = lease;
        this.identity = identity;
    }

    public boolean leading() {
        return leading;
    }

    /** Told after {@link #leading()} has changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public void start() {
        thread = Thread.ofPlatform().name("leader-" + lease.name()).daemon(true).start(this::run);
    }

    /** Gauge {@code kumo_leader}: 1 on the replica that leads. */
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("kumo.leader", this, gate -> gate.leading ? 1 : 0).register(registry);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join();
        }
    }

    private void run() {
        while (!closed) {
            try {
                become(holds());
            } catch (KubernetesClientException e) {
                if (leading && System.nanoTime() - renewedAt > RENEW_DEADLINE.toNanos()) {
                    LOG.warnf("lease %s could not be renewed: %s", lease, e.getMessage());
                    become(false);
                }
            }
            try {
                Thread.sleep(PERIOD);
            } catch (InterruptedException e) {
                break;
            }
        }
        release();
    }

    private void become(boolean leader) {
        if (leading != leader) {
            leading = leader;
            LOG.infof("%s %s", lease, leader ? "leads" : "no longer leads");
            listeners.forEach(Runnable::run);
        }
    }

    /** Takes or renews the lease if it is free or ours. A write that loses a race against another replica's is refused. */
    private boolean holds() {
        var found = client.leases()
                .inNamespace(lease.namespace())
                .withName(lease.name())
                .get();
        long before = System.nanoTime();
        if (found == null) {
            client.resource(claim(new LeaseBuilder()
                            .withNewMetadata()
                            .withNamespace(lease.namespace())
                            .withName(lease.name())
                            .endMetadata()
                            .withNewSpec()
                            .endSpec()
                            .build()))
                    .create();
            renewedAt = before;
            return true;
        }
        observe(found, before);
        if (!isOurs(found) && !isFree(found, before)) {
            return false;
        }
        client.resource(claim(found)).update();
        renewedAt = before;
        return true;
    }

    private void observe(Lease found, long now) {
        var version = found.getMetadata().getResourceVersion();
        if (!Objects.equals(version, observedVersion)) {
            observedVersion = version;
            observedAt = now;
        }
    }

    private boolean isOurs(Lease found) {
        return found.getSpec() != null && identity.equals(found.getSpec().getHolderIdentity());
    }

    private boolean isFree(Lease found, long now) {
        var spec = found.getSpec();
        if (spec == null
                || spec.getHolderIdentity() == null
                || spec.getHolderIdentity().isEmpty()) {
            return true;
        }
        long seconds = spec.getLeaseDurationSeconds() == null ? LEASE.toSeconds() : spec.getLeaseDurationSeconds();
        return now - observedAt > Duration.ofSeconds(seconds).toNanos();
    }

    private Lease claim(Lease found) {
        boolean ours = isOurs(found);
        var now = ZonedDateTime.now(ZoneOffset.UTC);
        var spec = found.getSpec();
        int terms = spec == null || spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions();
        return new LeaseBuilder(found)
                .editOrNewSpec()
                .withHolderIdentity(identity)
                .withLeaseDurationSeconds((int) LEASE.toSeconds())
                .withAcquireTime(ours ? spec.getAcquireTime() : now)
                .withRenewTime(now)
                .withLeaseTransitions(ours ? terms : terms + 1)
                .endSpec()
                .build();
    }

    private void release() {
        if (!leading) {
            return;
        }
        become(false);
        try {
            var found = client.leases()
                    .inNamespace(lease.namespace())
                    .withName(lease.name())
                    .get();
            if (found != null && isOurs(found)) {
                client.resource(new LeaseBuilder(found)
                                .editSpec()
                                .withHolderIdentity("")
                                .withLeaseDurationSeconds(1)
                                .endSpec()
                                .build())
                        .update();
            }
        } catch (KubernetesClientException e) {
            LOG.infof("lease %s could not be given up, it runs out: %s", lease, e.getMessage());
        }
    }
}
