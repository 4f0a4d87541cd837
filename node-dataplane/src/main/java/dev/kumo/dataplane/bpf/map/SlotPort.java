// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Where the listener of an L7 slot is.
 *
 * @param port on 127.0.0.1
 */
@RegisterForReflection
public record SlotPort(int port) {}
