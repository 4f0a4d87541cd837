// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView.Kind;
import dev.kumo.gateway.read.ServiceReader;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.WriteQueue;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes, mends and deletes generated Services by server-side apply. A Service that isn't ours is never touched. Asked on the
 * planning thread by the leader, writes on threads of its own.
 */
@Singleton
public final class ServiceWriter {
    private static final Logger LOG = Logger.getLogger(ServiceWriter.class);
    private static final int PARALLELISM = 4;
    private static final int UNPROCESSABLE = 422;
    private static final Duration UNSEEN = Duration.ofSeconds(5);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("kumo-gateway-service")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final LeaderGate leader;
    private final TableSet tables;
    private final Clock clock;
    private final WriteQueue queue;
    private final Map<ObjectKey, Asked> asked = new HashMap<>();
    private final Map<ObjectKey, String> refused = new ConcurrentHashMap<>();

    /** @param wanted null asks for its end */
    private record Asked(Set<Kind> kinds, @Nullable Service wanted, Instant at) {}

    ServiceWriter(KubernetesClient client, LeaderGate leader, TableSet tables, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.leader = leader;
        this.tables = tables;
        this.clock = clock;
        this.queue = new WriteQueue("services", PARALLELISM, metrics);
    }

    /** What the API server said of Services that it doesn't take, last time. */
    SortedMap<ObjectKey, String> refused() {
        return new TreeMap<>(refused);
    }

    /**
     * @param kinds of owners whose Services these are: others are left alone, of these those not wanted go
     * @param wanted all that shall be of those kinds
     * @param seen the table's Services
     */
    void write(Set<Kind> kinds, Map<ObjectKey, Service> wanted, Iterable<ServiceRow> seen) {
        var present = new HashMap<ObjectKey, Service>();
        for (var row : seen) {
            row.view()
                    .madeFor()
                    .filter(owner -> kinds.contains(owner.kind()))
                    .flatMap(_ -> row.generated())
                    .ifPresent(service -> present.put(row.view().key(), service));
        }
        wanted.forEach((key, service) -> ask(key, kinds, service, ServiceMatch.covers(present.get(key), service)));
        present.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(key -> ask(key, kinds, null, false));
        asked.entrySet()
                .removeIf(entry -> entry.getValue().kinds().equals(kinds)
                        && !wanted.containsKey(entry.getKey())
                        && !present.containsKey(entry.getKey()));
        refused.keySet().retainAll(asked.keySet());
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        asked.clear();
        refused.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    /** The first time in a term, too, since a field that is no longer wanted can't be told from another's. */
    private void ask(ObjectKey key, Set<Kind> kinds, @Nullable Service wanted, boolean fits) {
        var now = clock.instant();
        var before = asked.get(key);
        if (before != null && Objects.equals(before.wanted(), wanted)) {
            var again = before.at().plus(UNSEEN);
            if (fits || queue.isPending(key.toString())) {
                return;
            }
            if (again.isAfter(now)) {
                tables.signalIn(Duration.between(now, again));
                return;
            }
        }
        asked.put(key, new Asked(kinds, wanted, now));
        queue.submit(key.toString(), wanted == null ? () -> delete(key) : () -> apply(key, wanted));
    }

    private void apply(ObjectKey key, Service wanted) {
        var found = client.services()
                .inNamespace(key.namespace())
                .withName(key.name())
                .get();
        if (!leader.leading() || (found != null && !isOurs(found))) {
            return;
        }
        try {
            client.resource(wanted).patch(APPLY);
            if (refused.remove(key) != null) {
                tables.signal();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() == UNPROCESSABLE && e.getStatus() != null) {
                var why = String.valueOf(e.getStatus().getMessage());
                if (!why.equals(refused.put(key, why))) {
                    tables.signal();
                }
            }
            throw e;
        }
    }

    private void delete(ObjectKey key) {
        var resource = client.services().inNamespace(key.namespace()).withName(key.name());
        var found = resource.get();
        if (leader.leading() && found != null && isOurs(found)) {
            resource.delete();
            LOG.infof("Service %s is deleted: nothing needs it", key);
        }
    }

    private static boolean isOurs(Service service) {
        return ServiceReader.service(service).madeFor().isPresent();
    }
}
