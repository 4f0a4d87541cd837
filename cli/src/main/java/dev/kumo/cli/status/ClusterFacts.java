// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;

/**
 * What the API server says.
 *
 * @param deployments of our namespace, as are the DaemonSets
 * @param pods of all namespaces
 */
public record ClusterFacts(List<Deployment> deployments, List<DaemonSet> daemonSets, List<Pod> pods, List<Node> nodes) {
    public ClusterFacts {
        deployments = List.copyOf(deployments);
        daemonSets = List.copyOf(daemonSets);
        pods = List.copyOf(pods);
        nodes = List.copyOf(nodes);
    }
}
