// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers the plugin on a unix socket that only root may use: one connection, one request up to its end of file, one answer;
 * one platform thread each ({@code cni-N}), since answers wait for identities.
 */
public final class CniServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CniServer.class);
    private static final int REQUEST_LIMIT = 2 * 1024 * 1024;
    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);
    private static final int BACKLOG = 256;

    private final Path path;
    /** What the name stood for when this process gave it. */
    private final @Nullable Object file;

    private final CniHandler handler;
    private final ServerSocketChannel channel;
    private final AtomicLong connections = new AtomicLong();
    private final Thread acceptor;

    private CniServer(Path path, @Nullable Object file, CniHandler handler, ServerSocketChannel channel) {
        this.path = path;
        this.file = file;
        this.handler = handler;
        this.channel = channel;
        this.acceptor = Thread.ofPlatform().name("cni-accept").daemon(true).unstarted(this::accept);
    }

    /** Listens at a path, in place of an earlier process. */
    public static CniServer start(Path path, CniHandler handler) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        // Nobody can connect before the permissions are right: it gets its name last.
        var unnamed = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(unnamed);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(unnamed), BACKLOG);
            Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString("rw-------"));
            Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        var server = new CniServer(path, fileAt(path), handler, channel);
        server.acceptor.start();
        return server;
    }

    /** Requests that are being answered go on. The name goes at once, if no successor has taken it. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (Files.exists(path) && Objects.equals(file, fileAt(path))) {
            Files.deleteIfExists(path);
        }
    }

    private static @Nullable Object fileAt(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                var connection = channel.accept();
                Thread.ofPlatform()
                        .name("cni-" + connections.incrementAndGet())
                        .daemon(true)
                        .start(() -> serve(connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.error("accepting a plugin's connection failed", e);
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            var answer = handler.answer(read(connection));
            connection.configureBlocking(true);
            var buffer = ByteBuffer.wrap(answer.bytes());
            while (buffer.hasRemaining()) {
                connection.write(buffer);
            }
        } catch (IOException e) {
            LOG.warnf("a plugin's request could not be answered: %s", e.getMessage());
        }
    }

    private static byte[] read(SocketChannel connection) throws IOException {
        var request = new ByteArrayOutputStream();
        var chunk = ByteBuffer.allocate(16 * 1024);
        var end = System.nanoTime() + REQUEST_PATIENCE.toNanos();
        connection.configureBlocking(false);
        try (var selector = Selector.open()) {
            var key = connection.register(selector, SelectionKey.OP_READ);
            while (true) {
                int count = connection.read(chunk);
                if (count < 0) {
                    key.cancel();
                    return request.toByteArray();
                }
                request.write(chunk.array(), 0, chunk.position());
                chunk.clear();
                long left = (end - System.nanoTime()) / 1_000_000;
                if (request.size() > REQUEST_LIMIT || left <= 0) {
                    throw new IOException("the request is too long or too slow");
                }
                if (count == 0) {
                    selector.select(left);
                    selector.selectedKeys().clear();
                }
            }
        }
    }
}
