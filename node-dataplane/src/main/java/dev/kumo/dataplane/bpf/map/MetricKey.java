// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What was counted: number of the reason (0 is forwarded), direction, hook.
 */
@RegisterForReflection
public record MetricKey(int reason, int direction, int hook) {}
