// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A port of the node that leads to a pod (hostPort).
 *
 * @param hostAddress the node's address that it listens on; empty for all
 * @param protocol {@code tcp} or {@code udp}
 */
@RegisterForReflection
public record PortMapping(String hostAddress, int hostPort, int containerPort, String protocol) {}
