// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import dev.kumo.cli.status.ClusterStatus.ComponentStatus;
import dev.kumo.cli.status.ClusterStatus.EnvoyStatus;
import dev.kumo.cli.status.ClusterStatus.Finding;
import dev.kumo.cli.status.ClusterStatus.Workload;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges the cluster's facts. Pure: the result does not depend on the order of the facts. */
public final class StatusPlanner {
    private static final String NOT_READY_TAINT = "node.cilium.io/agent-not-ready";

    public ClusterStatus plan(ClusterFacts facts) {
        var pods = new PodFindings(facts);
        var workloads = new ArrayList<Workload>();
        var errors = new ArrayList<Finding>();
        var warnings = new ArrayList<Finding>();
        var envoys = EnvoyMode.of(facts);
        for (Component component : Component.values()) {
            Optional<Workload> workload = workloadOf(component, facts);
            workload.ifPresent(found -> {
                workloads.add(found);
                judge(found, errors);
            });
            if (workload.isEmpty() && !(component == Component.ENVOY && envoys == EnvoyMode.EMBEDDED)) {
                errors.add(new Finding(
                        component.workload(), "there is no " + component.kind() + " " + component.workload()));
            }
        }
        if (envoys == EnvoyMode.EMBEDDED && workloadOf(Component.ENVOY, facts).isPresent()) {
            warnings.add(new Finding(
                    Component.ENVOY.workload(), "there is a DaemonSet envoy beside those that the dataplanes start"));
        }
        facts.deployments().forEach(deployment -> judgeRollout(deployment, warnings));
        facts.nodes().forEach(node -> judgeNode(node, warnings));
        errors.addAll(pods.errors());
        pods.unmanagedWarning().ifPresent(warnings::add);
        return new ClusterStatus(
                components(envoys, sorted(errors), sorted(warnings)),
                new EnvoyStatus(envoys.text(), state(envoys.workload(), sorted(errors), sorted(warnings))),
                workloads,
                pods.running(),
                pods.managed(),
                pods.images(),
                sorted(errors),
                sorted(warnings));
    }

    private static Optional<Workload> workloadOf(Component component, ClusterFacts facts) {
        if (component.kind().equals("Deployment")) {
            return facts.deployments().stream()
                    .filter(deployment -> deployment.getMetadata().getName().equals(component.workload()))
                    .map(StatusPlanner::workload)
                    .findFirst();
        }
        return facts.daemonSets().stream()
                .filter(set -> set.getMetadata().getName().equals(component.workload()))
                .map(StatusPlanner::workload)
                .findFirst();
    }

    private static Workload workload(Deployment deployment) {
        var status = deployment.getStatus();
        return new Workload(
                "Deployment",
                deployment.getMetadata().getName(),
                number(deployment.getSpec().getReplicas()),
                status == null ? 0 : number(status.getReadyReplicas()),
                status == null ? 0 : number(status.getAvailableReplicas()));
    }

    private static Workload workload(DaemonSet set) {
        var status = set.getStatus();
        return new Workload(
                "DaemonSet",
                set.getMetadata().getName(),
                status == null ? 0 : number(status.getDesiredNumberScheduled()),
                status == null ? 0 : number(status.getNumberReady()),
                status == null ? 0 : number(status.getNumberAvailable()));
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static void judge(Workload workload, List<Finding> errors) {
        if (workload.desired() == 0) {
            errors.add(new Finding(workload.name(), "no pod is desired"));
        } else if (workload.ready() < workload.desired()) {
            errors.add(new Finding(
                    workload.name(),
                    "%d of %d pods not ready".formatted(workload.desired() - workload.ready(), workload.desired())));
        } else if (workload.available() < workload.desired()) {
            errors.add(new Finding(
                    workload.name(),
                    "%d of %d pods not available"
                            .formatted(workload.desired() - workload.available(), workload.desired())));
        }
    }

    private static void judgeRollout(Deployment deployment, List<Finding> warnings) {
        if (deployment.getStatus() == null) {
            return;
        }
        int desired = number(deployment.getSpec().getReplicas());
        int updated = number(deployment.getStatus().getUpdatedReplicas());
        if (updated < desired) {
            warnings.add(new Finding(
                    deployment.getMetadata().getName(),
                    "%d of %d pods are of an older revision".formatted(desired - updated, desired)));
        }
    }

    /** The taint stays until the node's dataplane has reported that it takes pods. */
    private static void judgeNode(Node node, List<Finding> warnings) {
        boolean waits = node.getSpec() != null
                && node.getSpec().getTaints().stream()
                        .anyMatch(taint -> taint.getKey().equals(NOT_READY_TAINT));
        if (waits) {
            warnings.add(new Finding(
                    Component.NODE_DATAPLANE.workload(),
                    "node " + node.getMetadata().getName() + " takes no pods yet (taint " + NOT_READY_TAINT + ")"));
        }
    }

    private static List<ComponentStatus> components(EnvoyMode envoys, List<Finding> errors, List<Finding> warnings) {
        var components = new ArrayList<ComponentStatus>();
        for (Component component : Component.values()) {
            boolean envoy = component == Component.ENVOY;
            components.add(new ComponentStatus(
                    envoy ? component.title() + " (" + envoys.text() + ")" : component.title(),
                    state(envoy ? envoys.workload() : component.workload(), errors, warnings)));
        }
        components.add(new ComponentStatus("Hubble", "disabled"));
        components.add(new ComponentStatus("ClusterMesh", "disabled"));
        return components;
    }

    private static String state(String workload, List<Finding> errors, List<Finding> warnings) {
        var parts = new ArrayList<String>();
        count(workload, errors, "error", parts);
        count(workload, warnings, "warning", parts);
        return parts.isEmpty() ? "OK" : String.join(", ", parts);
    }

    private static void count(String workload, List<Finding> findings, String noun, List<String> parts) {
        long count = findings.stream()
                .filter(finding -> finding.workload().equals(workload))
                .count();
        if (count > 0) {
            parts.add(count + " " + noun + (count == 1 ? "" : "s"));
        }
    }

    private static List<Finding> sorted(List<Finding> findings) {
        return findings.stream()
                .distinct()
                .sorted(Comparator.comparing(Finding::workload).thenComparing(Finding::message))
                .toList();
    }
}
