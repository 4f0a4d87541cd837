// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * An address and port at which a Service answers. Port 0 with protocol 0 marks an address of which all other ports are dropped.
 *
 * @param protocol IANA number: 6 TCP, 17 UDP
 * @param scope {@link #EXTERNAL} or {@link #INTERNAL}
 */
@RegisterForReflection
public record FrontendKey(Address address, int port, int protocol, int scope) {
    /** For traffic from outside the node. */
    public static final int EXTERNAL = 0;
    /** For traffic of pods and of the node's processes. */
    public static final int INTERNAL = 1;
}
