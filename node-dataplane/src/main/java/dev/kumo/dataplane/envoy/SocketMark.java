// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import io.envoyproxy.envoy.config.core.v3.SocketOption;

/** By its marks the kernel half knows whose Envoy's sockets are (bpf/README, marks). */
public enum SocketMark {
    /** On to a pod whose ingress rules were checked here. */
    INGRESS_UPSTREAM(0xA00),
    /** Towards clients. */
    ACCEPTED(0xB00),
    /** On in the gateway's own name, identity ingress. */
    GATEWAY_UPSTREAM(0xC00),
    /** On in a client's name; the destination's ingress rules come yet. */
    EGRESS_UPSTREAM(0xD00);

    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;

    private final int value;

    SocketMark(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }

    /** In force before the socket is bound. */
    public SocketOption option() {
        return SocketOption.newBuilder()
                .setDescription("mark")
                .setLevel(SOL_SOCKET)
                .setName(SO_MARK)
                .setIntValue(value)
                .setState(SocketOption.SocketState.STATE_PREBIND)
                .build();
    }
}
