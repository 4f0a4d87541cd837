// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.uninstall;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;

/**
 * The Job that takes Kumo off one node. It is derived from the node-dataplane DaemonSet, so that image, mounts and settings are
 * those under which the node was set up. Pure.
 *
 * <p>The pod is placed by name rather than scheduled: a node that loses its CNI configuration becomes NotReady.
 */
public final class CleanupJob {
    static final String LABEL = "app.kubernetes.io/name";
    static final String NAME = "node-cleanup";

    private static final String DATAPLANE = "node-dataplane";
    private static final int TRIES = 5;

    private CleanupJob() {}

    /**
     * @param dataplane the DaemonSet as the API server holds it
     * @param node a node's name
     * @throws IllegalArgumentException if the DaemonSet is not one of Kumo's: its containers are not there
     */
    public static Job of(DaemonSet dataplane, String node) {
        var template = dataplane.getSpec().getTemplate().getSpec();
        var cleanup = named(template.getContainers(), DATAPLANE)
                .withArgs("cleanup")
                .withPorts(List.of())
                .withStartupProbe(null)
                .withLivenessProbe(null)
                .withReadinessProbe(null)
                .build();
        var install = named(template.getInitContainers(), "install-cni").build();
        var remove = new ContainerBuilder(install)
                .withName("uninstall-cni")
                .withCommand(install.getCommand().stream()
                        .map(word -> word.equals("install") ? "uninstall" : word)
                        .toList())
                .build();
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(dataplane.getMetadata().getNamespace())
                .withName(name(node))
                .addToLabels(LABEL, NAME)
                .addToLabels("app.kubernetes.io/part-of", "kumo")
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(TRIES)
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels(LABEL, NAME)
                .endMetadata()
                .withNewSpecLike(template)
                .withNodeName(node)
                .removeFromNodeSelector(Uninstall.NOWHERE)
                .withRestartPolicy("Never")
                .withInitContainers(cleanup)
                .withContainers(remove)
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** Of at most 63 characters: the Job's name becomes a label of its pods. A node's name may be longer. */
    static String name(String node) {
        var name = NAME + "-" + node;
        return name.length() <= 63 ? name : name.substring(0, 54) + "-" + Integer.toHexString(node.hashCode());
    }

    private static ContainerBuilder named(List<Container> containers, String name) {
        return containers.stream()
                .filter(container -> name.equals(container.getName()))
                .findFirst()
                .map(ContainerBuilder::new)
                .orElseThrow(() -> new IllegalArgumentException(
                        "DaemonSet node-dataplane has no container " + name + ": it is not Kumo's"));
    }
}
