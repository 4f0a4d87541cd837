// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.SortedMap;

/**
 * How Kumo is. Immutable; as JSON it is what {@code kumo status -o json} prints.
 *
 * @param envoy who starts the nodes' Envoys, and how that is
 * @param containers running ones by workload
 * @param images by workload: image and how many containers run it
 * @param errors why something does not work
 * @param warnings what may soon not work, or not everywhere
 */
public record ClusterStatus(
        List<ComponentStatus> components,
        EnvoyStatus envoy,
        List<Workload> workloads,
        SortedMap<String, Integer> containers,
        ManagedPods pods,
        SortedMap<String, SortedMap<String, Integer>> images,
        List<Finding> errors,
        List<Finding> warnings) {

    /** @param status "OK", "disabled", or what is wrong with it in numbers */
    public record ComponentStatus(String name, String status) {}

    /** @param mode "DaemonSet" or "embedded". @param status as a component's */
    public record EnvoyStatus(String mode, String status) {}

    public record Workload(String kind, String name, int desired, int ready, int available) {}

    /** Pods that use pod networking and those of them whose network is ours. */
    public record ManagedPods(int managed, int total) {}

    /** @param workload whose fault it is */
    public record Finding(String workload, String message) {}

    @JsonProperty
    public boolean healthy() {
        return errors.isEmpty() && warnings.isEmpty();
    }
}
