// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;
import java.util.Optional;

/**
 * A Service.
 *
 * @param addresses of status.loadBalancer
 */
public record ServiceView(ObjectKey key, boolean externalName, List<Port> ports, List<String> addresses) {
    /** @param name empty if none @param appProtocol empty if none */
    public record Port(String name, int number, String protocol, String appProtocol) {}

    public Optional<Port> tcpPort(int number) {
        return ports.stream()
                .filter(port -> port.number() == number && port.protocol().equals("TCP"))
                .findFirst();
    }
}
