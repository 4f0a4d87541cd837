// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serves this node's Envoy its configuration by incremental ADS on a unix socket (mode 0600: root's processes only). Until
 * the first {@link #publish} nothing is told, so that an Envoy that outlived the dataplane keeps what it has. Any thread.
 */
public final class AdsServer implements EnvoyAnswers, AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

    private final Path socket;
    private final ScheduledExecutorService thread;
    private final AdsService service;
    private final EventLoopGroup eventLoop;
    private final Server server;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private AdsServer(Path socket) throws IOException {
        this.socket = socket;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("envoy-ads").factory());
        this.eventLoop = new NioEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("envoy-ads-io").factory());
        this.service = new AdsService(thread, this::tell);
        this.server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelFactory(NioServerDomainSocketChannel::new)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .directExecutor()
                .maxInboundMessageSize(MAX_REQUEST_BYTES)
                // Envoy pings every few seconds to notice a dead server.
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(service)
                .build();
        try {
            server.start();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Binds the socket; a socket that an earlier run left is replaced, missing folders are made.
     *
     * @throws IOException if the path is taken by anything but a socket, is longer than 107 bytes, or can't be bound
     */
    public static AdsServer start(Path socket) throws IOException {
        Files.createDirectories(socket.toAbsolutePath().getParent());
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new IOException(socket + " is not a socket");
            }
            Files.delete(socket);
        }
        return new AdsServer(socket);
    }

    /**
     * Takes a change of what Envoy is to hold; equal content is no change. Whoever calls first tells all that there is,
     * though it be nothing.
     */
    public void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes) {
        var added = List.copyOf(upserts);
        var removed = List.copyOf(removes);
        service.run(() -> service.publish(added, removed));
    }

    /** The Envoys with an open stream, the longest connected first. */
    public List<ConnectedEnvoy> envoys() {
        return service.envoys();
    }

    /** What an Envoy refused and has not taken since, with the reason it gave. */
    public SortedMap<ResourceName, String> refusals() {
        return service.refusals();
    }

    @Override
    public boolean isConnected() {
        return !service.envoys().isEmpty();
    }

    @Override
    public boolean isHeld(EnvoyResource resource) {
        return resource.version().equals(service.held(resource.name()));
    }

    @Override
    public Optional<String> refusal(EnvoyResource resource) {
        return service.refusal(resource.name(), resource.version());
    }

    /** Resources that are served now. */
    public int resources() {
        return service.resources();
    }

    /** Responses sent since the start. */
    public long responses() {
        return service.responses();
    }

    /** Refusals of single resources since the start. */
    public long refusalCount() {
        return service.refusalCount();
    }

    /** Told after Envoys or their answers may have changed, on the ADS thread; must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Ends every stream; Envoy goes on with what it has. Removes the socket. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.shutdownNow();
        thread.shutdownNow();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
            Files.deleteIfExists(socket);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // A socket that can't be removed is replaced by the next start.
        }
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
