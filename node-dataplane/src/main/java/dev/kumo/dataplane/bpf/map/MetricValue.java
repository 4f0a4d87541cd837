// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Counted since the datapath was first loaded, over all CPUs.
 */
@RegisterForReflection
public record MetricValue(long packets, long bytes) {}
