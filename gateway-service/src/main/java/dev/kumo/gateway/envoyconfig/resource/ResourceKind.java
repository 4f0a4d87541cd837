// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import java.util.Optional;
import java.util.stream.Stream;

/** Messages that are resources of their own; in the order in which Envoy should get them. */
public enum ResourceKind {
    CLUSTER("envoy.config.cluster.v3.Cluster"),
    SECRET("envoy.extensions.transport_sockets.tls.v3.Secret"),
    ROUTES("envoy.config.route.v3.RouteConfiguration"),
    LISTENER("envoy.config.listener.v3.Listener");

    private final String type;

    ResourceKind(String type) {
        this.type = type;
    }

    /** Full name of the message. */
    public String type() {
        return type;
    }

    static Optional<ResourceKind> of(String type) {
        return Stream.of(values()).filter(kind -> kind.type.equals(type)).findFirst();
    }
}
