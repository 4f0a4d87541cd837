// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.util.Durations;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.TlsSecret;
import dev.kumo.gateway.plan.BackendCluster;
import dev.kumo.gateway.plan.GatewayPlan;
import dev.kumo.gateway.plan.HttpListener;
import dev.kumo.stream.memo.Memo;
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
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One Listener and one RouteConfiguration of its name for each port of a Gateway or Ingress, one EDS cluster for each port of a Service. A
 * listener doesn't change with its routes, so that connections outlive every change of a route. What is translated anew is what has
 * changed; the rest are the same messages as before. Used by one thread.
 */
public final class GatewayTranslator {
    private static final String UPSTREAM_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();
    private static final int CONNECT_SECONDS = 5;
    private static final int IDLE_SECONDS = 60;

    private final Memo<String, HttpListener, Listener> listeners = new Memo<>();
    private final Memo<String, HttpListener, RouteConfiguration> tables = new Memo<>();
    /** By listener, since one whose table stays asks for no route. */
    private final Map<String, Memo<String, RouteSource, Route>> routes = new HashMap<>();

    private final Memo<String, BackendCluster, Cluster> clusters = new Memo<>();
    private final Memo<ObjectKey, TlsSecret.KeyPair, Secret> secrets = new Memo<>();
    private long routesMade;

    /** @param listener without its hosts: an entry depends on none but its own */
    private record RouteSource(HttpListener listener, HttpListener.Entry entry) {}

    public EnvoyResources translate(GatewayPlan plan) {
        return translate(plan.listeners(), plan.clusters(), plan.certificates());
    }

    /**
     * @param named at least those clusters that the listeners name, each once
     * @param certificates likewise
     */
    public EnvoyResources translate(
            List<HttpListener> all, List<BackendCluster> named, List<TlsSecret.KeyPair> certificates) {
        var resources = new EnvoyResources(
                all.stream()
                        .map(listener ->
                                listeners.of(listener.name(), listener.withoutHosts(), GatewayTranslator::listener))
                        .toList(),
                all.stream()
                        .map(listener -> tables.of(listener.name(), listener, this::routes))
                        .toList(),
                named.stream()
                        .map(cluster -> clusters.of(cluster.name(), cluster, GatewayTranslator::cluster))
                        .toList(),
                certificates.stream()
                        .map(pair -> secrets.of(pair.key(), pair, TlsTranslator::secret))
                        .toList());
        List.of(listeners, tables, clusters, secrets).forEach(Memo::endRound);
        routes.keySet().retainAll(all.stream().map(HttpListener::name).collect(Collectors.toSet()));
        return resources;
    }

    /** How many routes of Envoy have been made so far, rather than found. */
    public long routesMade() {
        return routesMade;
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

    private RouteConfiguration routes(HttpListener listener) {
        var bare = listener.withoutHosts();
        var known = routes.computeIfAbsent(listener.name(), _ -> new Memo<>());
        long before = known.made();
        var table = RouteConfiguration.newBuilder()
                .setName(listener.name())
                .setIgnorePortInHostMatching(true)
                .setValidateClusters(BoolValue.of(false));
        for (var host : listener.hosts()) {
            var virtual = VirtualHost.newBuilder().setName(host.domain()).addDomains(host.domain());
            host.entries()
                    .forEach(entry -> virtual.addRoutes(known.of(
                            entry.name(),
                            new RouteSource(bare, entry),
                            source -> RouteTranslator.route(source.entry(), source.listener()))));
            table.addVirtualHosts(virtual);
        }
        routesMade += known.made() - before;
        known.endRound();
        return table.build();
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
