// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
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
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Envoy itself judges what the goldens hold: routes are put into their listeners, which get addresses.
 */
@Tag("privileged")
class EnvoyAcceptsGoldensTest {
    private static final int FIRST_PORT = 20_000;

    @TempDir
    Path scratch;

    @TestFactory
    Stream<DynamicTest> envoyAccepts() throws IOException {
        var envoy = EnvoyBinary.find();
        return Stream.of("gateway", "ingress")
                .flatMap(folder -> cases(Path.of("src/test/resources", folder)).stream())
                .map(golden -> DynamicTest.dynamicTest(golden.getFileName().toString(), () -> validate(envoy, golden)));
    }

    private static List<Path> cases(Path folder) {
        try (var cases = Files.list(folder)) {
            return cases.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void validate(EnvoyBinary envoy, Path golden) throws IOException, InterruptedException {
        var documents = List.of(Files.readString(golden.resolve("in.yaml")).split("(?m)^---$"));
        for (var resources : new GatewayCase(documents).envoy()) {
            envoy.accepts(GatewayCase.PRINTER.print(bootstrap(resources)), scratch);
        }
    }

    static Bootstrap bootstrap(EnvoyResources resources) throws InvalidProtocolBufferException {
        var fixed = StaticResources.newBuilder()
                .addClusters(Cluster.newBuilder().setName("ads"))
                .addAllClusters(resources.clusters())
                .addAllSecrets(resources.secrets());
        for (int i = 0; i < resources.listeners().size(); i++) {
            fixed.addListeners(
                    listener(resources.listeners().get(i), resources.routes().get(i), FIRST_PORT + i));
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

    private static Listener listener(Listener listener, RouteConfiguration routes, int port)
            throws InvalidProtocolBufferException {
        var bound = listener.toBuilder()
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(port)));
        for (var chain : bound.getFilterChainsBuilderList()) {
            var filter = chain.getFiltersBuilder(0);
            var manager = filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder()
                    .setRouteConfig(routes);
            filter.setTypedConfig(Any.pack(manager.build()));
            if (chain.hasTransportSocket()) {
                var socket = chain.getTransportSocketBuilder();
                socket.setTypedConfig(
                        Any.pack(withoutSds(socket.getTypedConfig().unpack(DownstreamTlsContext.class))));
            }
        }
        return bound.build();
    }

    /** Certificates are found among the static secrets, so that Envoy reads them too. */
    private static DownstreamTlsContext withoutSds(DownstreamTlsContext context) {
        var builder = context.toBuilder();
        builder.getCommonTlsContextBuilder()
                .getTlsCertificateSdsSecretConfigsBuilderList()
                .forEach(SdsSecretConfig.Builder::clearSdsConfig);
        return builder.build();
    }
}
