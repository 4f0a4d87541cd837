// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;

/**
 * What Envoy holds for L7 slots: a listener for each, its rules in a route configuration of its own, so that an edit of them
 * reaches open connections at once and touches nothing else, and one cluster for all, which is where the connection was going.
 * Pure.
 */
final class SlotResources {
    /** The filter of {@link SlotListener} whose rules the routes carry. */
    static final String RBAC_FILTER = "envoy.filters.http.rbac";

    private static final String CLUSTER = "kumo-original-destination";
    private static final String PREFIX = "kumo-slot-";
    /** Every pod's connections share the cluster: its default limits of 1024 would be one pod's to use up. */
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private SlotResources() {}

    static EnvoyResource cluster() {
        var limits = CircuitBreakers.newBuilder();
        for (var priority : new RoutingPriority[] {RoutingPriority.DEFAULT, RoutingPriority.HIGH}) {
            limits.addThresholds(CircuitBreakers.Thresholds.newBuilder()
                    .setPriority(priority)
                    .setMaxConnections(UInt32Value.of(UNLIMITED))
                    .setMaxPendingRequests(UInt32Value.of(UNLIMITED))
                    .setMaxRequests(UInt32Value.of(UNLIMITED))
                    .setMaxRetries(UInt32Value.of(UNLIMITED)));
        }
        var protocols = io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
                .setCommonHttpProtocolOptions(HttpProtocolOptions.newBuilder().setIdleTimeout(seconds(60)))
                .setUseDownstreamProtocolConfig(
                        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UseDownstreamHttpConfig
                                .newBuilder()
                                .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
                                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()));
        return resource(
                ResourceType.CLUSTER,
                CLUSTER,
                Cluster.newBuilder()
                        .setName(CLUSTER)
                        .setType(Cluster.DiscoveryType.ORIGINAL_DST)
                        .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED)
                        .setConnectTimeout(seconds(5))
                        .setCleanupInterval(seconds(60))
                        // A pooled connection may have been judged under rules that are gone; the request that finds
                        // it reset would be answered 503 although its own connection is allowed.
                        .setConnectionPoolPerDownstreamConnection(true)
                        .setCircuitBreakers(limits)
                        .putTypedExtensionProtocolOptions(
                                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(protocols.build()))
                        .build());
    }

    /** @param port on 127.0.0.1 */
    static EnvoyResource listener(int slot, FlowDirection direction, int port) {
        var rules = ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .build();
        return resource(
                ResourceType.LISTENER, name(slot), SlotListener.of(name(slot), direction, port, name(slot), rules));
    }

    static EnvoyResource routes(int slot, RBAC rules) {
        var toOrigin = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster(CLUSTER).setTimeout(seconds(0)));
        var perRoute = RBACPerRoute.newBuilder()
                .setRbac(io.envoyproxy
                        .envoy
                        .extensions
                        .filters
                        .http
                        .rbac
                        .v3
                        .RBAC
                        .newBuilder()
                        .setRules(rules))
                .build();
        return resource(
                ResourceType.ROUTES,
                name(slot),
                RouteConfiguration.newBuilder()
                        .setName(name(slot))
                        .addVirtualHosts(VirtualHost.newBuilder()
                                .setName("all")
                                .addDomains("*")
                                .addRoutes(toOrigin)
                                .putTypedPerFilterConfig(RBAC_FILTER, Any.pack(perRoute)))
                        .build());
    }

    private static String name(int slot) {
        return PREFIX + slot;
    }

    private static Duration seconds(int seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    private static EnvoyResource resource(ResourceType type, String name, Message body) {
        return EnvoyResource.of(new ResourceName(type, name), Any.pack(body));
    }
}
