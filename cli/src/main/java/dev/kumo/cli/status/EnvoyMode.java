// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.stream.Stream;

/** Who starts the nodes' Envoys, as the dataplane's DaemonSet is told (KUMO_ENVOY_MODE). */
enum EnvoyMode {
    DAEMONSET("DaemonSet", Component.ENVOY),
    EMBEDDED("embedded", Component.NODE_DATAPLANE);

    private static final String SETTING = "KUMO_ENVOY_MODE";

    private final String text;
    private final Component component;

    EnvoyMode(String text, Component component) {
        this.text = text;
        this.component = component;
    }

    static EnvoyMode of(ClusterFacts facts) {
        return facts.daemonSets().stream()
                        .filter(set -> set.getMetadata().getName().equals(Component.NODE_DATAPLANE.workload()))
                        .flatMap(set -> set.getSpec() == null ? Stream.empty() : Stream.of(set.getSpec()))
                        .flatMap(spec -> spec.getTemplate().getSpec().getContainers().stream())
                        .flatMap(container -> container.getEnv().stream())
                        .filter(variable -> variable.getName().equals(SETTING))
                        .map(EnvVar::getValue)
                        .anyMatch("embedded"::equalsIgnoreCase)
                ? EMBEDDED
                : DAEMONSET;
    }

    /** As people read it. */
    String text() {
        return text;
    }

    /** Whose state is the Envoys'. */
    String workload() {
        return component.workload();
    }
}
