// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import dev.kumo.cli.status.ClusterStatus.Finding;
import dev.kumo.cli.status.ClusterStatus.ManagedPods;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the cluster's pods tell. A pod's network is ours if its address is of its node's pod range and that node's dataplane is
 * ready. Pods on the host's network, unscheduled ones and finished ones are not counted.
 */
final class PodFindings {
    private static final String NAME_LABEL = "app.kubernetes.io/name";
    private static final int NAMED = 5;

    private final List<Pod> ours;
    private final List<Pod> networked;
    private final Map<String, List<PodRange>> ranges = new HashMap<>();
    private final Set<String> readyNodes = new HashSet<>();

    PodFindings(ClusterFacts facts) {
        Set<String> workloads =
                Arrays.stream(Component.values()).map(Component::workload).collect(Collectors.toSet());
        ours = facts.pods().stream()
                .filter(pod -> ClusterReader.NAMESPACE.equals(pod.getMetadata().getNamespace()))
                .filter(pod -> workloads.contains(workloadOf(pod)))
                .toList();
        networked = facts.pods().stream()
                .filter(PodFindings::usesPodNetwork)
                .sorted(Comparator.comparing(PodFindings::nameOf))
                .toList();
        facts.nodes().stream()
                .filter(node -> node.getSpec() != null)
                .forEach(node -> ranges.put(
                        node.getMetadata().getName(),
                        node.getSpec().getPodCIDRs().stream().map(PodRange::of).toList()));
        ours.stream()
                .filter(pod -> workloadOf(pod).equals(Component.NODE_DATAPLANE.workload()))
                .filter(PodFindings::isReady)
                .forEach(pod -> readyNodes.add(pod.getSpec().getNodeName()));
    }

    SortedMap<String, Integer> running() {
        var running = new TreeMap<String, Integer>();
        for (Pod pod : ours) {
            long count = statuses(pod).stream()
                    .filter(status ->
                            status.getState() != null && status.getState().getRunning() != null)
                    .count();
            running.merge(workloadOf(pod), (int) count, Integer::sum);
        }
        return running;
    }

    SortedMap<String, SortedMap<String, Integer>> images() {
        var images = new TreeMap<String, SortedMap<String, Integer>>();
        for (Pod pod : ours) {
            pod.getSpec()
                    .getContainers()
                    .forEach(container -> images.computeIfAbsent(workloadOf(pod), _ -> new TreeMap<>())
                            .merge(container.getImage(), 1, Integer::sum));
        }
        return images;
    }

    /** Containers that can't start, with the kubelet's reason. */
    List<Finding> errors() {
        var errors = new ArrayList<Finding>();
        for (Pod pod : ours) {
            for (ContainerStatus status : statuses(pod)) {
                var waiting =
                        status.getState() == null ? null : status.getState().getWaiting();
                if (waiting != null && !"ContainerCreating".equals(waiting.getReason())) {
                    String message = Optional.ofNullable(waiting.getMessage())
                            .map(text -> ": " + text)
                            .orElse("");
                    errors.add(new Finding(
                            workloadOf(pod),
                            "pod %s: container %s waits: %s%s"
                                    .formatted(
                                            pod.getMetadata().getName(),
                                            status.getName(),
                                            waiting.getReason(),
                                            message)));
                }
            }
        }
        return errors;
    }

    ManagedPods managed() {
        return new ManagedPods((int) networked.stream().filter(this::isManaged).count(), networked.size());
    }

    Optional<Finding> unmanagedWarning() {
        List<String> names = networked.stream()
                .filter(pod -> !isManaged(pod))
                .map(PodFindings::nameOf)
                .toList();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return Optional.of(new Finding(
                Component.NODE_DATAPLANE.workload(),
                "not managed by Kumo: " + String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + more));
    }

    private boolean isManaged(Pod pod) {
        String node = pod.getSpec().getNodeName();
        String address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return address != null
                && readyNodes.contains(node)
                && ranges.getOrDefault(node, List.of()).stream().anyMatch(range -> range.contains(address));
    }

    private static boolean usesPodNetwork(Pod pod) {
        String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
        return pod.getSpec().getNodeName() != null
                && !Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
                && !"Succeeded".equals(phase)
                && !"Failed".equals(phase);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    private static List<ContainerStatus> statuses(Pod pod) {
        return pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
    }

    private static String workloadOf(Pod pod) {
        var labels = pod.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(NAME_LABEL, "");
    }

    private static String nameOf(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}
