// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Who an address is and where.
 *
 * @param identity the numeric identity; 0 is unknown, such packets are dropped
 * @param tunnel IPv4 address of the node behind which it lives, as {@link Address#ipv4()}; 0 means none
 */
@RegisterForReflection
public record Peer(int identity, int tunnel) {}
