// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.debug;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Serves debug commands at a unix socket that only root may open. Accepts on the platform thread "debug-socket"; each
 * connection has a thread of its own, so that one that waits for the apply loop keeps nobody.
 */
public final class DebugServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DebugServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_REQUEST = 4096;
    private static final long SECONDS_FOR_ANSWER = 10;

    private final Path socket;
    private final Map<String, DebugCommand> commands;
    private final ServerSocketChannel channel;
    private final AtomicInteger connections = new AtomicInteger();

    /** @param commands by name, such as "endpoints" */
    public DebugServer(Path socket, Map<String, DebugCommand> commands) throws IOException {
        this.socket = socket;
        this.commands = new TreeMap<>(commands);
        this.channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    }

    /** Replaces a socket that an earlier process left, and serves until {@link #close}. */
    public void start() throws IOException {
        Files.createDirectories(socket.toAbsolutePath().getParent());
        Files.deleteIfExists(socket);
        channel.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        Thread.ofPlatform().name("debug-socket").daemon(true).start(this::accept);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                Thread.ofPlatform()
                        .name("debug-" + connections.incrementAndGet())
                        .daemon(true)
                        .start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.error("debug socket: accept failed", e);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var reader = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8), LONGEST_REQUEST);
            byte[] answer = (JSON.writeValueAsString(answer(request(reader))) + "\n").getBytes(StandardCharsets.UTF_8);
            var buffer = ByteBuffer.wrap(answer);
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
        } catch (IOException e) {
            LOG.debug("debug socket: client went away", e);
        }
    }

    private static String request(BufferedReader reader) throws IOException {
        var line = new StringBuilder();
        int read = reader.read();
        while (read >= 0 && read != '\n' && line.length() < LONGEST_REQUEST) {
            line.append((char) read);
            read = reader.read();
        }
        return line.toString();
    }

    private Object answer(String request) {
        try {
            JsonNode name = JSON.readTree(request).path("command");
            DebugCommand command = commands.get(name.asText());
            if (command == null) {
                return error("unknown command " + name + "; known: " + new TreeSet<>(commands.keySet()));
            }
            return command.answer().toCompletableFuture().get(SECONDS_FOR_ANSWER, TimeUnit.SECONDS);
        } catch (JsonProcessingException e) {
            return error("not JSON: " + e.getOriginalMessage());
        } catch (TimeoutException e) {
            return error("no answer within " + SECONDS_FOR_ANSWER + " s: the apply loop is busy");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return error("the dataplane ends");
        } catch (ExecutionException e) {
            return failed(String.valueOf(e.getCause()), e);
        } catch (Exception e) {
            return failed(e.toString(), e);
        }
    }

    private static Object failed(String what, Exception e) {
        LOG.error("debug socket: command failed", e);
        return error(what);
    }

    private static Map<String, String> error(String message) {
        return Map.of("error", message);
    }
}
