// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.PodView;
import dev.kumo.policy.model.SecurityLabels;
import java.util.TreeMap;

/** The labels of a pod's identity, as Cilium names them: its own, its namespace's, its ServiceAccount, the cluster. */
final class IdentityLabels {
    private static final String SOURCE = "k8s:";
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String SERVICE_ACCOUNT = "io.cilium.k8s.policy.serviceaccount";
    private static final String CLUSTER = "io.cilium.k8s.policy.cluster";
    private static final String CLUSTER_NAME = "default";

    private IdentityLabels() {}

    static SecurityLabels of(PodView pod, NamespaceView namespace) {
        var labels = new TreeMap<String, String>();
        pod.labels().forEach((key, value) -> labels.put(SOURCE + key, value));
        // After the pod's own: no pod can claim another namespace or account by a label.
        namespace.labels().forEach((key, value) -> labels.put(SOURCE + NamespaceView.LABEL_PREFIX + key, value));
        labels.put(SOURCE + NAMESPACE, pod.namespace());
        labels.put(SOURCE + SERVICE_ACCOUNT, pod.serviceAccount());
        labels.put(SOURCE + CLUSTER, CLUSTER_NAME);
        return new SecurityLabels(labels);
    }
}
