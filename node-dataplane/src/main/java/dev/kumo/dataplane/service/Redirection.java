// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.ServicePort;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * TCP ports of a Service that a listener of Envoy's serves, whether or not there are endpoints.
 *
 * @param ports of the Service; empty is all
 * @param slot of the listener, in map {@code slots}
 */
public record Redirection(Set<Integer> ports, int slot) {
    public Redirection {
        ports = Collections.unmodifiableSet(new TreeSet<>(ports));
    }

    boolean covers(ServicePort port) {
        return port.getProtocol() == Protocol.PROTOCOL_TCP && (ports.isEmpty() || ports.contains(port.getPort()));
    }
}
