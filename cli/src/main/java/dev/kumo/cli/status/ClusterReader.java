// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads {@link ClusterFacts}, in pieces of 500 so that a large cluster is no burden. Blocks. */
public final class ClusterReader {
    public static final String NAMESPACE = "kumo-system";
    private static final long PIECE = 500;

    private final KubernetesClient client;

    public ClusterReader(KubernetesClient client) {
        this.client = client;
    }

    /** @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server can't be reached or refuses */
    public ClusterFacts read() {
        return new ClusterFacts(
                all(client.apps().deployments().inNamespace(NAMESPACE)::list, deployment -> deployment),
                all(client.apps().daemonSets().inNamespace(NAMESPACE)::list, set -> set),
                all(client.pods().inAnyNamespace()::list, ClusterReader::slim),
                all(client.nodes()::list, node -> node));
    }

    /** Of others' pods only what counts: there may be tens of thousands. */
    private static Pod slim(Pod pod) {
        if (NAMESPACE.equals(pod.getMetadata().getNamespace())) {
            return pod;
        }
        var status = new PodStatus();
        if (pod.getStatus() != null) {
            status.setPhase(pod.getStatus().getPhase());
            status.setPodIP(pod.getStatus().getPodIP());
        }
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewSpec()
                .withNodeName(pod.getSpec().getNodeName())
                .withHostNetwork(pod.getSpec().getHostNetwork())
                .endSpec()
                .withStatus(status)
                .build();
    }

    private static <T extends HasMetadata> List<T> all(
            Function<ListOptions, ? extends KubernetesResourceList<T>> list, UnaryOperator<T> keep) {
        var items = new ArrayList<T>();
        String next = "";
        do {
            var options = new ListOptionsBuilder().withLimit(PIECE);
            if (!next.isEmpty()) {
                options.withContinue(next);
            }
            KubernetesResourceList<T> piece = list.apply(options.build());
            piece.getItems().forEach(item -> items.add(keep.apply(item)));
            String following = piece.getMetadata().getContinue();
            next = following == null ? "" : following;
        } while (!next.isEmpty());
        return items;
    }
}
