// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.FeedAuthenticator;
import dev.kumo.stream.RawMarshaller;
import dev.kumo.stream.Reason;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves one feed to nodes: gRPC over TLS 1.3 on a port of its own. Any replica serves; while the publisher holds no
 * snapshot, subscriptions are refused with NOT_SYNCED and nodes try another one. Any thread.
 */
public final class FeedServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeedServer.class);
    private static final int RELOAD_SECONDS = 1;
    private static final int KEEPALIVE_SECONDS = 10;
    private static final int KEEPALIVE_TIMEOUT_SECONDS = 5;

    /** A hello lists all that a node holds: some sixty bytes an entry. */
    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

    private final FeedEndpoint endpoint;
    private final FeedAuthenticator authenticator;
    private final FeedState state;
    private final ReportCheck check;
    private final StaleReplicaListener staleReplicas;
    private final ReloadingKeyManager keys;
    private final SessionRegistry sessions = new SessionRegistry();
    private final Set<NodeCall> calls = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService threads;
    private @Nullable Server server;

    public FeedServer(
            FeedEndpoint endpoint,
            FeedAuthenticator authenticator,
            FeedState state,
            ReportCheck check,
            StaleReplicaListener staleReplicas) {
        this.endpoint = endpoint;
        this.authenticator = authenticator;
        this.state = state;
        this.check = check;
        this.staleReplicas = staleReplicas;
        this.keys = new ReloadingKeyManager(endpoint.tls());
        var name = "feed-" + endpoint.methods().feed() + "-";
        var pool = new ScheduledThreadPoolExecutor(
                2, Thread.ofPlatform().daemon().name(name, 0).factory());
        pool.setRemoveOnCancelPolicy(true);
        this.threads = pool;
    }

    /** Binds the port and serves from then on; without a certificate every handshake is refused until there is one. */
    public synchronized FeedServer start() throws IOException {
        if (server != null) {
            throw new IllegalStateException("started twice");
        }
        reload();
        threads.scheduleWithFixedDelay(this::reload, RELOAD_SECONDS, RELOAD_SECONDS, TimeUnit.SECONDS);
        var methods = endpoint.methods();
        var service = methods.subscribe().getServiceName();
        server = NettyServerBuilder.forPort(endpoint.port())
                .sslContext(sslContext())
                .directExecutor()
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(KEEPALIVE_SECONDS / 2, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .addService(ServerServiceDefinition.builder(service)
                        .addMethod(raw(methods.subscribe()), handler(this::subscribe))
                        .addMethod(raw(methods.report()), handler(this::report))
                        .build())
                .build()
                .start();
        LOG.infof("feed %s: serving on port %d", methods.feed(), port());
        return this;
    }

    /** The port that is bound; the configured one before {@link #start()}. */
    public synchronized int port() {
        return server == null ? endpoint.port() : server.getPort();
    }

    /** Calls that are open: subscriptions and report streams. */
    public int openCalls() {
        return calls.size();
    }

    /** Ends every stream, so that nodes leave for another replica at once, and frees the port. */
    @Override
    public synchronized void close() {
        if (server != null) {
            server.shutdown();
            calls.forEach(call ->
                    call.run(() -> call.close(Reason.DISCONNECTED, "replica " + endpoint.replica() + " is stopping")));
            try {
                if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
                    server.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
                }
            } catch (InterruptedException _) {
                server.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        threads.shutdown();
    }

    private CallHandler subscribe(NodeCall call) {
        return new SubscribeSession(call, state, endpoint.replica(), sessions, staleReplicas);
    }

    private CallHandler report(NodeCall call) {
        return new ReportSession(call, state.reports(), check);
    }

    private ServerCallHandler<byte[], byte[]> handler(Function<NodeCall, CallHandler> handlers) {
        return (ServerCall<byte[], byte[]> serverCall, Metadata headers) -> {
            var call = new NodeCall(serverCall, authenticator, threads, calls::remove);
            calls.add(call);
            call.open(headers, handlers);
            return call;
        };
    }

    private SslContext sslContext() throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
    }

    private void reload() {
        try {
            if (keys.reload()) {
                LOG.infof("feed %s: certificate loaded", endpoint.methods().feed());
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.errorf(
                    "feed %s: certificate not taken, the last one stays: %s",
                    endpoint.methods().feed(), e);
        }
    }

    private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
        return method.toBuilder(RawMarshaller.INSTANCE, RawMarshaller.INSTANCE).build();
    }
}
