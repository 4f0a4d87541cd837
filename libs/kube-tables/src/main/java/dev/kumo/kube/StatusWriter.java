// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes our part of statuses by server-side apply. What equals the last write of the object is skipped; {@link #forget}
 * it when the object was seen to differ. Any thread; writing happens on the queue's threads.
 */
public final class StatusWriter {
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final WriteQueue queue;
    private final PatchContext apply;
    private final Map<String, HasMetadata> written = new ConcurrentHashMap<>();

    /** @param fieldManager who owns the fields, such as "kumo-policy-service" */
    public StatusWriter(KubernetesClient client, WriteQueue queue, String fieldManager) {
        this.client = client;
        this.queue = queue;
        this.apply = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(fieldManager)
                .withForce(true)
                .build();
    }

    /** @param status the object with its identifying metadata and just those status fields that are ours */
    public void apply(HasMetadata status) {
        var key = key(status);
        if (status.equals(written.get(key)) && !queue.isPending(key)) {
            return;
        }
        queue.submit(key, () -> {
            if (patch(status)) {
                written.put(key, status);
            }
        });
    }

    /** @return false if the object is gone, and its status with it */
    private boolean patch(HasMetadata status) {
        try {
            client.resource(status).subresource("status").patch(apply);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    public void forget(HasMetadata status) {
        var key = key(status);
        written.remove(key);
        queue.cancel(key);
    }

    private static String key(HasMetadata resource) {
        return resource.getKind() + "/" + ObjectName.of(resource);
    }
}
