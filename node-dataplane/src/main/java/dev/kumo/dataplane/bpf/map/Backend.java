// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * One endpoint of Services, under the node's own number for it.
 *
 * @param protocol IANA number
 * @param flags {@link #LOCAL} or 0
 */
@RegisterForReflection
public record Backend(Address address, int port, int protocol, int flags) {
    /** A pod of this node. */
    public static final int LOCAL = 1;
}
