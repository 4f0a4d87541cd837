// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;

/** Small Envoy resources whose content differs by a number. */
final class Resources {
    private Resources() {}

    static EnvoyResource cluster(String name, int content) {
        var ads = ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance());
        return resource(
                ResourceType.CLUSTER,
                name,
                Any.pack(Cluster.newBuilder()
                        .setName(name)
                        .setType(Cluster.DiscoveryType.EDS)
                        .setConnectTimeout(Duration.newBuilder().setSeconds(content))
                        .setEdsClusterConfig(
                                Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads))
                        .build()));
    }

    static EnvoyResource endpoints(String name, int content) {
        return resource(
                ResourceType.ENDPOINTS,
                name,
                Any.pack(ClusterLoadAssignment.newBuilder()
                        .setClusterName(name)
                        .putNamedEndpoints("n" + content, Endpoint.getDefaultInstance())
                        .build()));
    }

    static EnvoyResource listener(String name, int content) {
        return resource(
                ResourceType.LISTENER,
                name,
                Any.pack(Listener.newBuilder()
                        .setName(name)
                        .setStatPrefix("p" + content)
                        .build()));
    }

    static EnvoyResource routes(String name, int content) {
        return resource(
                ResourceType.ROUTES,
                name,
                Any.pack(RouteConfiguration.newBuilder()
                        .setName(name)
                        .addInternalOnlyHeaders("h" + content)
                        .build()));
    }

    private static EnvoyResource resource(ResourceType type, String name, Any body) {
        return EnvoyResource.of(new ResourceName(type, name), body);
    }
}
