// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.util.Optional;

/**
 * The kinds of resources that Envoy is served, in the order in which additions go out so that nothing refers to what isn't
 * there yet; removals go out in reverse. Source: xDS protocol, "Eventual consistency considerations".
 */
public enum ResourceType {
    CLUSTER("envoy.config.cluster.v3.Cluster"),
    ENDPOINTS("envoy.config.endpoint.v3.ClusterLoadAssignment"),
    SECRET("envoy.extensions.transport_sockets.tls.v3.Secret"),
    LISTENER("envoy.config.listener.v3.Listener"),
    ROUTES("envoy.config.route.v3.RouteConfiguration");

    private static final String PREFIX = "type.googleapis.com/";

    private final String typeUrl;

    ResourceType(String message) {
        this.typeUrl = PREFIX + message;
    }

    /** The type's name without the URL's prefix. */
    public String message() {
        return typeUrl.substring(PREFIX.length());
    }

    public String typeUrl() {
        return typeUrl;
    }

    /** Asked for without a name: all there are. */
    boolean isWildcard() {
        return this == CLUSTER || this == LISTENER;
    }

    public static Optional<ResourceType> of(String typeUrl) {
        for (var type : values()) {
            if (type.typeUrl.equals(typeUrl)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
