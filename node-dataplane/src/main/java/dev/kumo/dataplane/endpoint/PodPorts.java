// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.service.HostPort;
import dev.kumo.dataplane.service.HostPorts;
import java.util.stream.Stream;

/** Tells which ports of the node lead to its pods, all of them each time. Any thread. */
final class PodPorts {
    private final Endpoints endpoints;
    private final HostPorts hostPorts;

    PodPorts(Endpoints endpoints, HostPorts hostPorts) {
        this.endpoints = endpoints;
        this.hostPorts = hostPorts;
    }

    /** To be called after each change of the registry. Under a lock: what is told last is the newest. */
    synchronized void tell() {
        hostPorts.set(endpoints.all().stream()
                .filter(PodEndpoint::ready)
                .flatMap(PodPorts::of)
                .toList());
    }

    private static Stream<HostPort> of(PodEndpoint endpoint) {
        return endpoint.ports().stream()
                .map(port -> new HostPort(
                        endpoint.pod().toString(),
                        port.address(),
                        port.hostPort(),
                        port.protocol().number(),
                        endpoint.address(),
                        port.containerPort()));
    }
}
