// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.util.Durations;
import dev.kumo.gateway.model.TlsSecret;
import dev.kumo.gateway.plan.BackendCluster;
import dev.kumo.gateway.plan.GatewayPlan;
import dev.kumo.gateway.plan.HttpListener;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.List;

/**
 * One Listener and one RouteConfiguration of its name for each port of a Gateway or Ingress, one EDS cluster for each port of a Service. A
 * listener doesn't change with its routes, so that connections outlive every change of a route. Stateless; any thread.
 */
public final class GatewayTranslator {
    private static final String UPSTREAM_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();
    private static final int CONNECT_SECONDS = 5;
    private static final int IDLE_SECONDS = 60;

    private GatewayTranslator() {}

    public static EnvoyResources translate(GatewayPlan plan) {
        return translate(plan.listeners(), plan.clusters(), plan.certificates());
    }

    /**
     * @param clusters at least those that the listeners name, each once
     * @param certificates likewise
     */
    public static EnvoyResources translate(
            List<HttpListener> listeners, List<BackendCluster> clusters, List<TlsSecret.KeyPair> certificates) {
        return new EnvoyResources(
                listeners.stream().map(GatewayTranslator::listener).toList(),
                listeners.stream().map(GatewayTranslator::routes).toList(),
                clusters.stream().map(GatewayTranslator::cluster).toList(),
                certificates.stream().map(TlsTranslator::secret).toList());
    }

    private static Listener listener(HttpListener listener) {
        var filters = FilterChain.newBuilder()
                .addFilters(Filter.newBuilder()
                        .setName("envoy.filters.network.http_connection_manager")
                        .setTypedConfig(Any.pack(manager(listener))))
                .build();
        var envoy = Listener.newBuilder().setName(listener.name()).setTrafficDirection(TrafficDirection.INBOUND);
        if (!listener.isTls()) {
            return envoy.addFilterChains(filters).build();
        }
        envoy.addListenerFilters(TlsTranslator.inspector());
        listener.chains().forEach(chain -> envoy.addFilterChains(TlsTranslator.chain(filters, chain)));
        return envoy.build();
    }

    private static HttpConnectionManager manager(HttpListener listener) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix(listener.name())
                .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(listener.name()))
                .setUseRemoteAddress(BoolValue.of(true))
                .setNormalizePath(BoolValue.of(true))
                .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
                .addHttpFilters(HttpFilter.newBuilder()
                        .setName("envoy.filters.http.router")
                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                .build();
    }

    private static RouteConfiguration routes(HttpListener listener) {
        var routes = RouteConfiguration.newBuilder()
                .setName(listener.name())
                .setIgnorePortInHostMatching(true)
                .setValidateClusters(BoolValue.of(false));
        for (var host : listener.hosts()) {
            var virtual = VirtualHost.newBuilder().setName(host.domain()).addDomains(host.domain());
            host.entries().forEach(entry -> virtual.addRoutes(RouteTranslator.route(entry, listener)));
            routes.addVirtualHosts(virtual);
        }
        return routes.build();
    }

    private static Cluster cluster(BackendCluster backend) {
        var explicit = ExplicitHttpConfig.newBuilder();
        if (backend.http2()) {
            explicit.setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
        } else {
            explicit.setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
        }
        var options = io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
                .setCommonHttpProtocolOptions(
                        HttpProtocolOptions.newBuilder().setIdleTimeout(Durations.fromSeconds(IDLE_SECONDS)))
                .setExplicitHttpConfig(explicit);
        return Cluster.newBuilder()
                .setName(backend.name())
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder()
                        .setServiceName(backend.name())
                        .setEdsConfig(ADS))
                .setConnectTimeout(Durations.fromSeconds(CONNECT_SECONDS))
                .putTypedExtensionProtocolOptions(UPSTREAM_OPTIONS, Any.pack(options.build()))
                .build();
    }
}
