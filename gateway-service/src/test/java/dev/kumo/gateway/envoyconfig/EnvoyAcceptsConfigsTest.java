// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.gateway.envoyconfig.resource.EnvoyMessage;
import dev.kumo.gateway.envoyconfig.resource.MessageJson;
import dev.kumo.gateway.envoyconfig.resource.ResourceKind;
import dev.kumo.gateway.translate.EnvoyBinary;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.DynamicResources;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.StaticResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Envoy itself judges what the goldens hold. Listeners get addresses, as a node gives them; routes, which Envoy would ask the node
 * for, get a listener each.
 */
@Tag("privileged")
class EnvoyAcceptsConfigsTest {
    private static final int FIRST_PORT = 20_000;

    @TempDir
    Path scratch;

    @TestFactory
    Stream<DynamicTest> envoyAccepts() throws IOException {
        var envoy = EnvoyBinary.find();
        try (var cases = Files.list(Path.of("src/test/resources/envoyconfig"))) {
            return cases.sorted().toList().stream()
                    .map(golden ->
                            DynamicTest.dynamicTest(golden.getFileName().toString(), () -> validate(envoy, golden)));
        }
    }

    private void validate(EnvoyBinary envoy, Path golden) throws IOException, InterruptedException {
        var documents = List.of(Files.readString(golden.resolve("in.yaml")).split("(?m)^---$"));
        for (var messages : new EnvoyConfigCase(documents).envoy()) {
            envoy.accepts(MessageJson.PRINTER.print(bootstrap(messages)), scratch);
        }
    }

    private static Bootstrap bootstrap(List<EnvoyMessage> messages) throws InvalidProtocolBufferException {
        var fixed =
                StaticResources.newBuilder().addClusters(Cluster.newBuilder().setName("ads"));
        int port = FIRST_PORT;
        for (var message : messages) {
            var content = EnvoyMessage.pack(message.message()).getValue();
            switch (message.kind()) {
                case CLUSTER -> fixed.addClusters(Cluster.parseFrom(content));
                case ROUTES -> fixed.addListeners(bound(around(RouteConfiguration.parseFrom(content)), port++));
                case LISTENER -> fixed.addListeners(bound(Listener.parseFrom(content), port++));
                case SECRET -> {}
            }
        }
        var ads = ApiConfigSource.newBuilder()
                .setApiType(ApiConfigSource.ApiType.DELTA_GRPC)
                .setTransportApiVersion(ApiVersion.V3)
                .addGrpcServices(GrpcService.newBuilder()
                        .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName("ads")));
        return Bootstrap.newBuilder()
                .setNode(Node.newBuilder().setId("golden").setCluster("golden"))
                .setDynamicResources(DynamicResources.newBuilder().setAdsConfig(ads))
                .setStaticResources(fixed)
                .build();
    }

    private static Listener around(RouteConfiguration routes) {
        var manager = HttpConnectionManager.newBuilder()
                .setStatPrefix(ResourceKind.ROUTES.name())
                .setRouteConfig(routes)
                .addHttpFilters(HttpFilter.newBuilder()
                        .setName("envoy.filters.http.router")
                        .setTypedConfig(Any.pack(Router.getDefaultInstance())));
        return Listener.newBuilder()
                .setName("routes " + routes.getName())
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setName("envoy.filters.network.http_connection_manager")
                                .setTypedConfig(Any.pack(manager.build()))))
                .build();
    }

    private static Listener bound(Listener listener, int port) {
        return listener.toBuilder()
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(port)))
                .build();
    }
}
