// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdsServerTest {
    @TempDir
    Path folder;

    @Test
    void theSocketIsRootsAloneAndReplacesAStaleOne() throws Exception {
        var socket = folder.resolve("run").resolve("ads.sock");
        Files.createDirectories(socket.getParent());
        try (var crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (var _ = AdsServer.start(socket);
                var envoy = new Client(socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(envoy.responses).isEmpty();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void refusesToReplaceWhatIsNoSocket() throws Exception {
        var file = Files.writeString(folder.resolve("ads.sock"), "precious");
        assertThatThrownBy(() -> AdsServer.start(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void tellsNothingBeforeTheFirstPublishAndThenEverything() throws Exception {
        var socket = folder.resolve("ads.sock");
        try (var server = AdsServer.start(socket);
                var envoy = new Client(socket)) {
            envoy.send(subscribe(ResourceType.CLUSTER).setNode(node()));
            await().until(() -> !server.envoys().isEmpty());
            assertThat(server.envoys().getFirst().node()).isEqualTo("w1");
            assertThat(server.envoys().getFirst().version()).isEqualTo("1.40.0");
            assertThat(server.responses()).isZero();
            server.publish(List.of(Resources.cluster("c", 1)), List.of());
            await().until(() -> envoy.responses.size() == 1);
            assertThat(envoy.responses.getFirst().getResources(0).getName()).isEqualTo("c");
            assertThat(server.resources()).isOne();
        }
    }

    @Test
    void keepsARefusalUntilTheResourceIsTakenOrGone() throws Exception {
        var socket = folder.resolve("ads.sock");
        var name = new ResourceName(ResourceType.CLUSTER, "c");
        try (var server = AdsServer.start(socket);
                var envoy = new Client(socket)) {
            server.publish(List.of(Resources.cluster("c", 1)), List.of());
            envoy.send(subscribe(ResourceType.CLUSTER).setNode(node()));
            await().until(() -> envoy.responses.size() == 1);
            envoy.send(answer(envoy.responses.getLast())
                    .setErrorDetail(Status.newBuilder().setMessage("no prime")));
            await().until(() -> server.refusals().containsKey(name));
            assertThat(server.refusals()).containsEntry(name, "no prime");
            server.publish(List.of(Resources.cluster("c", 2)), List.of());
            await().until(() -> envoy.responses.size() == 2);
            envoy.send(answer(envoy.responses.getLast()));
            await().until(() -> server.refusals().isEmpty());
            assertThat(server.refusalCount()).isOne();
            envoy.close();
            await().until(() -> server.envoys().isEmpty());
        }
    }

    @Test
    void saysWhichContentEnvoyGoesByAndWhichItRefused() throws Exception {
        var socket = folder.resolve("ads.sock");
        var good = Resources.cluster("c", 1);
        var bad = Resources.cluster("c", 2);
        try (var server = AdsServer.start(socket);
                var envoy = new Client(socket)) {
            server.publish(List.of(good), List.of());
            assertThat(server.isHeld(good)).isFalse();
            envoy.send(subscribe(ResourceType.CLUSTER).setNode(node()));
            await().until(() -> envoy.responses.size() == 1);
            assertThat(server.isHeld(good)).isFalse();
            envoy.send(answer(envoy.responses.getLast()));
            await().until(() -> server.isHeld(good));
            server.publish(List.of(bad), List.of());
            await().until(() -> envoy.responses.size() == 2);
            envoy.send(answer(envoy.responses.getLast())
                    .setErrorDetail(Status.newBuilder().setMessage("no prime")));
            await().until(() -> server.refusal(bad).isPresent());
            assertThat(server.refusal(bad)).contains("no prime");
            assertThat(server.refusal(good)).isEmpty();
            assertThat(server.isHeld(bad)).isFalse();
            assertThat(server.isHeld(good)).isTrue();
        }
    }

    @Test
    void anEnvoyThatOutlivedTheDataplaneHoldsWhatItSays() throws Exception {
        var socket = folder.resolve("ads.sock");
        var cluster = Resources.cluster("c", 1);
        try (var server = AdsServer.start(socket);
                var envoy = new Client(socket)) {
            server.publish(List.of(cluster), List.of());
            envoy.send(
                    subscribe(ResourceType.CLUSTER).setNode(node()).putInitialResourceVersions("c", cluster.version()));
            await().until(() -> server.isHeld(cluster));
            try (var second = new Client(socket)) {
                second.send(subscribe(ResourceType.CLUSTER).setNode(node()));
                await().until(() -> !server.isHeld(cluster));
            }
            await().until(() -> server.isHeld(cluster));
        }
    }

    @Test
    void aLaterGenerationTakesTheListenersOverAndGivesThemBackIfItGoes() throws Exception {
        var socket = folder.resolve("ads.sock");
        var listener = Resources.listener("l", 1);
        try (var server = AdsServer.start(socket);
                var earlier = new Client(socket)) {
            server.publish(List.of(listener), List.of());
            earlier.send(subscribe(ResourceType.LISTENER)
                    .setNode(node())
                    .putInitialResourceVersions("l", listener.version()));
            await().until(() -> server.isHeld(listener));
            await().until(() -> earlier.responses.size() == 1);
            earlier.send(answer(earlier.responses.getLast()));
            try (var later = new Client(socket)) {
                later.send(subscribe(ResourceType.LISTENER).setNode(node()));
                await().until(() -> later.responses.size() == 1);
                assertThat(earlier.responses)
                        .as("nothing is taken before the later one has it")
                        .hasSize(1);
                later.send(answer(later.responses.getLast()));
                await().until(() -> earlier.responses.size() == 2);
                assertThat(earlier.responses.getLast().getRemovedResourcesList())
                        .containsExactly("l");
                assertThat(server.isHeld(listener)).isTrue();
                earlier.send(answer(earlier.responses.getLast()));
            }
            await().until(() -> earlier.responses.size() == 3);
            assertThat(earlier.responses.getLast().getResources(0).getName()).isEqualTo("l");
        }
    }

    private static Node node() {
        return Node.newBuilder()
                .setId("w1")
                .setUserAgentBuildVersion(BuildVersion.newBuilder()
                        .setVersion(
                                SemanticVersion.newBuilder().setMajorNumber(1).setMinorNumber(40)))
                .build();
    }

    private static DeltaDiscoveryRequest.Builder subscribe(ResourceType type) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
    }

    private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
        return DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce());
    }

    private static final class Client implements StreamObserver<DeltaDiscoveryResponse>, AutoCloseable {
        final List<DeltaDiscoveryResponse> responses = new CopyOnWriteArrayList<>();
        private final NioEventLoopGroup eventLoop = new NioEventLoopGroup(1);
        private final ManagedChannel channel;
        private final StreamObserver<DeltaDiscoveryRequest> requests;

        Client(Path socket) {
            channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelFactory(NioDomainSocketChannel::new)
                    .withOption(ChannelOption.SO_KEEPALIVE, null)
                    .eventLoopGroup(eventLoop)
                    .overrideAuthority("ads")
                    .usePlaintext()
                    .build();
            requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
        }

        void send(DeltaDiscoveryRequest.Builder request) {
            requests.onNext(request.build());
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}

        @Override
        public void close() {
            channel.shutdownNow();
            eventLoop.shutdownGracefully();
        }
    }
}
