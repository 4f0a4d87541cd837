// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.WriteQueue;
import dev.kumo.policy.crd.CiliumIdentity;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.SecurityLabels;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Creates and deletes CiliumIdentities. Whichever replica needs one first creates it; that another was faster is fine, the
 * watch shows what came of it. Called on the planning thread; writes on threads of its own.
 */
@Singleton
public final class IdentityWriter {
    private static final Logger LOG = Logger.getLogger(IdentityWriter.class);
    private static final int PARALLELISM = 4;
    private static final int CONFLICT = 409;
    /** A write that the watch hasn't shown by then is made again. */
    private static final Duration UNSEEN = Duration.ofSeconds(5);

    private static final String SOURCE = "k8s:";

    private final KubernetesClient client;
    private final WriteQueue queue;
    private final Clock clock;
    private final Map<String, Instant> asked = new HashMap<>();

    IdentityWriter(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.clock = clock;
        this.queue = new WriteQueue("identities", PARALLELISM, metrics);
    }

    void create(int number, SecurityLabels labels) {
        submit("create " + number, () -> {
            try {
                client.resource(identity(number, labels)).create();
                LOG.infof("identity %d: %s", number, labels);
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT) {
                    throw e;
                }
            }
        });
    }

    void delete(int number) {
        submit("delete " + number, () -> {
            client.resources(CiliumIdentity.class)
                    .withName(Integer.toString(number))
                    .delete();
            LOG.infof("identity %d was unused and is withdrawn: deleted", number);
        });
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private void submit(String key, WriteQueue.Write write) {
        var now = clock.instant();
        asked.values().removeIf(at -> at.plus(UNSEEN).isBefore(now));
        if (!queue.isPending(key) && asked.putIfAbsent(key, now) == null) {
            queue.submit(key, write);
        }
    }

    private static CiliumIdentity identity(int number, SecurityLabels labels) {
        var identity = new CiliumIdentity();
        identity.setMetadata(new ObjectMetaBuilder()
                .withName(Integer.toString(number))
                .withLabels(metadataLabels(labels))
                .build());
        identity.setSecurityLabels(labels.byKey());
        return identity;
    }

    /** For people who select by them, as in Cilium: the pod's labels without their source, not its namespace's. */
    private static Map<String, String> metadataLabels(SecurityLabels labels) {
        var plain = new TreeMap<String, String>();
        labels.byKey().forEach((key, value) -> {
            if (key.startsWith(SOURCE) && !key.startsWith(SOURCE + NamespaceView.LABEL_PREFIX)) {
                plain.put(key.substring(SOURCE.length()), value);
            }
        });
        return plain;
    }
}
