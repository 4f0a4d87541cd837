// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.WriteQueue;
import dev.kumo.kube.service.ControlConfig;
import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.plan.LeaseGroup;
import dev.kumo.l2announcer.plan.LeaseGroup.LeaseTarget;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes Leases: those of a group under one new term. Each is read first and written at that resourceVersion. Asked on the
 * planning thread, writes on threads of its own.
 */
@Singleton
public final class LeaseWriter {
    private static final Logger LOG = Logger.getLogger(LeaseWriter.class);
    private static final int PARALLELISM = 4;

    private final KubernetesClient client;
    private final String namespace;
    private final LeaderGate leader;
    private final AnnouncementTables tables;
    private final Clock clock;
    private final WriteQueue queue;
    private final AskedLeases asked = new AskedLeases();
    private final Terms terms = new Terms();
    private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

    LeaseWriter(
            KubernetesClient client,
            ControlConfig config,
            LeaderGate leader,
            AnnouncementTables tables,
            Clock clock,
            MeterRegistry metrics) {
        this.client = client;
        this.namespace = config.namespace();
        this.leader = leader;
        this.tables = tables;
        this.clock = clock;
        this.queue = new WriteQueue("leases", PARALLELISM, metrics);
    }

    /** What Leases were last told to say, without our having seen it. @param seen the resourceVersion of their table */
    SortedMap<ServiceRef, List<HolderList>> unseen(long seen) {
        return asked.unseen(seen);
    }

    void write(LeaseGroup group) {
        if (asked.ask(group)) {
            queue.submit(group.leases().getFirst().service().toString(), () -> update(group));
        }
    }

    /** Writes a Lease that somebody has deleted anew, with the holders and the term that it had. */
    void restore(String name, Assignment assignment) {
        var target = new LeaseTarget(assignment.service(), name, assignment.lists());
        if (asked.askAgain(target)) {
            queue.submit(assignment.service().toString(), () -> writeAgain(target, assignment.term()));
        }
    }

    /** @param leases all that stand for nothing any more */
    void withdraw(Set<String> leases) {
        withdrawn.retainAll(leases);
        for (var lease : leases) {
            if (withdrawn.add(lease)) {
                queue.submit(lease, () -> delete(lease));
            }
        }
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        asked.clear();
        withdrawn.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private void update(LeaseGroup group) {
        long seen = tables.leases().resourceVersion();
        var found = new HashMap<LeaseTarget, @Nullable Lease>();
        group.leases().forEach(target -> found.put(target, get(target.lease())));
        long term = terms.next(
                group.above(),
                seen,
                found.values().stream().filter(Objects::nonNull).map(LeaseWriter::term));
        for (var target : group.leases()) {
            if (!leader.leading()) {
                asked.forget(target);
            } else if (asked.isAsked(target)) {
                asked.written(target, write(target, found.get(target), term));
            }
        }
        tables.all().signal();
    }

    private void writeAgain(LeaseTarget target, long term) {
        if (!leader.leading()) {
            asked.forget(target);
        } else if (asked.isAsked(target)) {
            var found = get(target.lease());
            // One that has come in between is looked at by the next plan.
            asked.written(target, found == null ? write(target, null, term) : version(found));
        }
        tables.all().signal();
    }

    /** @return the Lease's resourceVersion after that */
    private long write(LeaseTarget target, @Nullable Lease found, long term) {
        if (found != null && !isOf(target.service(), found)) {
            return version(found); // It came in between; the plan takes it up when it sees it.
        }
        var assignment = new Assignment(target.service(), term, target.lists());
        var now = ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        var lease = LeaseCodec.write(found == null ? named(target.lease()) : found, assignment, now);
        var resource = client.resource(lease);
        var written = found == null ? resource.create() : resource.update();
        LOG.infof("Service %s: %s, term %d", target.service(), String.join(", ", assignment.nodes()), term);
        return version(written);
    }

    private void delete(String name) {
        var found = get(name);
        if (found != null
                && leader.leading()
                && withdrawn.contains(name)
                && LeaseCodec.read(found).filter(lease -> !lease.foreign()).isPresent()) {
            client.resource(found)
                    .lockResourceVersion(found.getMetadata().getResourceVersion())
                    .delete();
            LOG.infof("Lease %s: withdrawn", name);
        }
    }

    private @Nullable Lease get(String name) {
        return client.leases().inNamespace(namespace).withName(name).get();
    }

    private Lease named(String name) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
    }

    private static boolean isOf(ServiceRef service, Lease lease) {
        return LeaseCodec.read(lease)
                .filter(view -> !view.foreign())
                .flatMap(LeaseView::assignment)
                .filter(assignment -> assignment.service().equals(service))
                .isPresent();
    }

    private static long term(Lease lease) {
        return LeaseCodec.read(lease)
                .flatMap(LeaseView::assignment)
                .map(Assignment::term)
                .orElse(0L);
    }

    private static long version(Lease lease) {
        return Long.parseLong(lease.getMetadata().getResourceVersion());
    }
}
