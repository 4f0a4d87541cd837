// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;
import java.util.Optional;

/**
 * A Service.
 *
 * @param addresses of status.loadBalancer
 * @param madeFor whom we made it for; one that somebody else made is nobody's
 */
public record ServiceView(
        ObjectKey key, boolean externalName, List<Port> ports, List<String> addresses, Optional<Owner> madeFor) {
    /** The owner of a generated Service. */
    public enum Kind {
        GATEWAY,
        INGRESS,
        /** All Ingresses in shared mode, without a name. */
        INGRESSES
    }

    public record Owner(Kind kind, String name) {}

    /** @param name empty if none @param appProtocol empty if none */
    public record Port(String name, int number, String protocol, String appProtocol) {}

    public Optional<Port> tcpPort(int number) {
        return ports.stream()
                .filter(port -> port.number() == number && port.protocol().equals("TCP"))
                .findFirst();
    }
}
