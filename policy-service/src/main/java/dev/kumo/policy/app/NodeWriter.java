// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.StatusWriter;
import dev.kumo.kube.WriteQueue;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Says on the Node that its network is there: takes away the start-up taint and sets condition NetworkUnavailable to False.
 * Only the leader calls it, on the planning thread; writes on threads of its own.
 */
@Singleton
public final class NodeWriter {
    private static final Logger LOG = Logger.getLogger(NodeWriter.class);
    private static final int PARALLELISM = 2;
    private static final Duration UNSEEN = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final WriteQueue queue;
    private final StatusWriter statuses;
    private final Clock clock;
    private final Map<String, Instant> asked = new HashMap<>();

    NodeWriter(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.clock = clock;
        this.queue = new WriteQueue("nodes", PARALLELISM, metrics);
        this.statuses = new StatusWriter(client, queue, "kumo-policy-service");
    }

    void removeTaint(String node) {
        if (isDue("taint " + node)) {
            queue.submit("taint " + node, () -> untaint(node));
        }
    }

    void setNetworkAvailable(String node) {
        if (isDue("condition " + node)) {
            var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            statuses.apply(new NodeBuilder()
                    .withNewMetadata()
                    .withName(node)
                    .endMetadata()
                    .withNewStatus()
                    .withConditions(new NodeConditionBuilder()
                            .withType(PolicyReader.NETWORK_UNAVAILABLE)
                            .withStatus("False")
                            .withReason(PolicyReader.KUMO_IS_UP)
                            .withMessage("Kumo's dataplane is ready on this node")
                            .withLastHeartbeatTime(now)
                            .withLastTransitionTime(now)
                            .build())
                    .endStatus()
                    .build());
        }
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        asked.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    /** A write that the watch hasn't shown after a while is made again. */
    private boolean isDue(String key) {
        var now = clock.instant();
        asked.values().removeIf(at -> at.plus(UNSEEN).isBefore(now));
        return asked.putIfAbsent(key, now) == null;
    }

    /** The patch tests what it removes, so that a taint which someone else added meanwhile is never lost. */
    private void untaint(String name) {
        var node = client.nodes().withName(name).get();
        if (node == null || node.getSpec().getTaints() == null) {
            return;
        }
        var taints = node.getSpec().getTaints();
        var patch = IntStream.iterate(taints.size() - 1, i -> i >= 0, i -> i - 1)
                .filter(i -> PolicyReader.AGENT_NOT_READY.equals(taints.get(i).getKey()))
                .mapToObj(i -> """
                        {"op": "test", "path": "/spec/taints/%1$d/key", "value": "%2$s"}, \
                        {"op": "remove", "path": "/spec/taints/%1$d"}""".formatted(i, PolicyReader.AGENT_NOT_READY))
                .collect(Collectors.joining(", ", "[", "]"));
        if (!patch.equals("[]")) {
            client.nodes().withName(name).patch(PatchContext.of(PatchType.JSON), patch);
            LOG.infof("node %s: ready; taint %s removed", name, PolicyReader.AGENT_NOT_READY);
        }
    }
}
