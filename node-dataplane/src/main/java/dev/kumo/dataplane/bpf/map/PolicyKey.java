// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a rule of a policy class matches: a key of an inner map of {@code policies}, where the longest prefix is the verdict.
 *
 * @param prefixLength 40 and whatever of protocol (8 bits) and port (16 bits) counts
 * @param identity the peer's; 0 stands for those that have no rule of their own
 * @param direction number of a {@link FlowDirection}, as the pod sees it
 * @param protocol number of the IP protocol, 0 if any
 * @param port the first port of the prefix, host order; for ICMP the type
 */
@RegisterForReflection
public record PolicyKey(int prefixLength, int identity, int direction, int protocol, int port) {
    /** Bits of peer and direction, which always count. */
    private static final int PEER_BITS = 40;

    private static final int PROTOCOL_BITS = 8;

    /** Whatever the protocol. */
    public static PolicyKey of(int identity, FlowDirection direction) {
        return new PolicyKey(PEER_BITS, identity, direction.ordinal(), 0, 0);
    }

    /** @param portBits how many leading bits of the port count, 0 to 16 */
    public static PolicyKey of(int identity, FlowDirection direction, int protocol, int port, int portBits) {
        return new PolicyKey(PEER_BITS + PROTOCOL_BITS + portBits, identity, direction.ordinal(), protocol, port);
    }

    /** The same for another peer. */
    public PolicyKey withIdentity(int other) {
        return new PolicyKey(prefixLength, other, direction, protocol, port);
    }
}
