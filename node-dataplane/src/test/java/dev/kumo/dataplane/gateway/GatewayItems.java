// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.ServicePort;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;

/** Items of the envoy and service feeds, small ones: a listener, its routes, which all go to one cluster. */
final class GatewayItems {
    private static final ConfigSource ADS = ConfigSource.newBuilder()
            .setResourceApiVersion(ApiVersion.V3)
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .build();

    private GatewayItems() {}

    static String key(ResourceType type, String name) {
        return FeedResources.key(type, name);
    }

    static Entry listener(String name, String routes) {
        var manager = HttpConnectionManager.newBuilder()
                .setStatPrefix(name)
                .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(routes))
                .addHttpFilters(HttpFilter.newBuilder()
                        .setName("envoy.filters.http.router")
                        .setTypedConfig(Any.pack(Router.getDefaultInstance())));
        return resource(
                ResourceType.LISTENER,
                name,
                Listener.newBuilder()
                        .setName(name)
                        .addFilterChains(FilterChain.newBuilder()
                                .addFilters(Filter.newBuilder()
                                        .setName("envoy.filters.network.http_connection_manager")
                                        .setTypedConfig(Any.pack(manager.build()))))
                        .build(),
                false);
    }

    static Entry routes(String name, String cluster) {
        return resource(
                ResourceType.ROUTES,
                name,
                RouteConfiguration.newBuilder()
                        .setName(name)
                        .addVirtualHosts(VirtualHost.newBuilder()
                                .setName("all")
                                .addDomains("*")
                                .addRoutes(Route.newBuilder()
                                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                        .setRoute(RouteAction.newBuilder().setCluster(cluster))))
                        .build(),
                false);
    }

    static Entry cluster(String name, boolean ingressSource) {
        return resource(
                ResourceType.CLUSTER,
                name,
                Cluster.newBuilder()
                        .setName(name)
                        .setType(Cluster.DiscoveryType.EDS)
                        .setEdsClusterConfig(
                                Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
                        .build(),
                ingressSource);
    }

    static Entry resource(ResourceType type, String name, Message body, boolean ingressSource) {
        var item = EnvoyResource.newBuilder()
                .setName(name)
                .setResource(Any.pack(body))
                .setIngressSource(ingressSource)
                .build();
        return GatewayNode.entry(Table.RESOURCES.name(), key(type, name), item);
    }

    static Entry redirect(String service, String listener, boolean keepSource, Integer... ports) {
        var redirect = Redirect.newBuilder()
                .setNamespace("shop")
                .setService(service)
                .setListener(listener)
                .setKeepSource(keepSource);
        for (int port : ports) {
            redirect.addPorts(port);
        }
        return GatewayNode.entry(Table.REDIRECTS.name(), "shop/" + service + "/TCP/0", redirect.build());
    }

    /** TCP port 80, named web, and 9090, named metrics, on one ClusterIP; 80 is NodePort 30080, too. */
    static Entry service(String name, String address) {
        return GatewayNode.entry(
                Table.SERVICES.name(),
                "shop/" + name,
                Service.newBuilder()
                        .setNamespace("shop")
                        .setName(name)
                        .addClusterAddresses(GatewayNode.bytes(address))
                        .addPorts(port("web", 80).setNodePort(30080))
                        .addPorts(port("metrics", 9090))
                        .build());
    }

    static Entry backend(String service, String portName, String address, int port, boolean ready) {
        return GatewayNode.entry(
                Table.BACKENDS.name(),
                "shop/" + service + "/TCP/" + port + "/" + address,
                Backend.newBuilder()
                        .setNamespace("shop")
                        .setService(service)
                        .setPortName(portName)
                        .setProtocol(Protocol.PROTOCOL_TCP)
                        .setAddress(GatewayNode.bytes(address))
                        .setPort(port)
                        .setReady(ready)
                        .setServing(true)
                        .setTerminating(!ready)
                        .build());
    }

    private static ServicePort.Builder port(String name, int port) {
        return ServicePort.newBuilder()
                .setName(name)
                .setProtocol(Protocol.PROTOCOL_TCP)
                .setPort(port);
    }
}
