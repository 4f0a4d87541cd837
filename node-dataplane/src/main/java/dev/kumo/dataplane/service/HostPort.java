// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.Optional;

/**
 * A port of a pod that the node's addresses serve.
 *
 * @param pod {@code namespace/name}
 * @param hostAddress the one address that serves it; empty for all of the node's (as are 0.0.0.0 and ::)
 * @param protocol IANA number
 */
public record HostPort(
        String pod, Optional<Address> hostAddress, int hostPort, int protocol, Address podAddress, int containerPort) {
    private static final Address ANY_4 = Address.ofIpv4(0);
    private static final Address ANY_6 = Address.of(new byte[Address.LENGTH]);

    public HostPort {
        hostAddress = hostAddress.filter(address -> !address.equals(ANY_4) && !address.equals(ANY_6));
    }
}
