// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Opens a connection to one replica: TLS 1.3, trusting the feeds' CA only, as it is at this moment. */
final class ReplicaChannel {
    private static final int CONNECT_MILLIS = 3000;
    private static final int KEEPALIVE_SECONDS = 10;
    private static final int KEEPALIVE_TIMEOUT_SECONDS = 5;
    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

    private ReplicaChannel() {}

    /** @throws IllegalArgumentException if the authorities are not PEM certificates */
    static ManagedChannel open(FeedConnection connection, InetSocketAddress address, Executor executor)
            throws IOException {
        var authorities = new ByteArrayInputStream(connection.credentials().authorities());
        var tls = GrpcSslContexts.configure(SslContextBuilder.forClient().trustManager(authorities), SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
        return NettyChannelBuilder.forAddress(address)
                .overrideAuthority(connection.authority())
                .sslContext(tls)
                .executor(executor)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .disableRetry()
                // A replica is dialled by its own address, whatever proxy the environment names.
                .proxyDetector(_ -> null)
                .build();
    }
}
