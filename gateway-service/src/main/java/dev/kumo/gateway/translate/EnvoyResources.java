// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;

/**
 * Envoy v3 resources, each list ordered by name. A listener has no address: where it is bound, its marks and the address its
 * requests leave from are the node's to fill in.
 */
public record EnvoyResources(
        List<Listener> listeners, List<RouteConfiguration> routes, List<Cluster> clusters, List<Secret> secrets) {
    /** Shows no Secret. */
    @Override
    public String toString() {
        return "EnvoyResources[%d listeners, %d routes, %d clusters, %d secrets]"
                .formatted(listeners.size(), routes.size(), clusters.size(), secrets.size());
    }
}
