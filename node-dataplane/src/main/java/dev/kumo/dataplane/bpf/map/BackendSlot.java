// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A place in a backend set.
 *
 * @param index from 0 to the frontend's count - 1
 */
@RegisterForReflection
public record BackendSlot(int set, int index) {}
