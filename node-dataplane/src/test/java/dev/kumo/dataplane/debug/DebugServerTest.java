// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugServerTest {
    @TempDir
    Path directory;

    private Path socket;
    private DebugServer server;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("dataplane.sock");
        Files.writeString(socket, "left by a process that was killed");
        server = new DebugServer(
                socket,
                Map.of(
                        "endpoints",
                        () -> CompletableFuture.completedFuture(TableView.columns("pod", "addresses")
                                .row("shop/web-1", List.of("10.244.1.5"))
                                .build()),
                        "broken",
                        () -> {
                            throw new IllegalStateException("no such map");
                        },
                        "failing",
                        () -> CompletableFuture.failedFuture(new IOException("feed closed"))));
        server.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void answersWithATable() throws IOException {
        assertThat(ask("{\"command\":\"endpoints\"}\n"))
                .isEqualTo("{\"columns\":[\"pod\",\"addresses\"],"
                        + "\"rows\":[{\"pod\":\"shop/web-1\",\"addresses\":[\"10.244.1.5\"]}]}\n");
    }

    @Test
    void saysWhyThereIsNoAnswer() throws IOException {
        assertThat(ask("{\"command\":\"nothing\"}\n"))
                .isEqualTo("{\"error\":\"unknown command \\\"nothing\\\"; known: [broken, endpoints, failing]\"}\n");
        assertThat(ask("{}\n")).startsWith("{\"error\":\"unknown command");
        assertThat(ask("GET / HTTP/1.1\r\n\r\n")).startsWith("{\"error\":\"not JSON");
        assertThat(ask("{\"command\":\"broken\"}\n")).contains("no such map");
        assertThat(ask("{\"command\":\"failing\"}\n")).contains("feed closed");
    }

    @Test
    void onlyItsOwnerMayOpenTheSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void aClientThatSaysNothingKeepsNobody() throws IOException {
        try (var silent = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            assertThat(silent.isConnected()).isTrue();
            assertThat(ask("{\"command\":\"endpoints\"}\n")).contains("shop/web-1");
        }
    }

    @Test
    void removesItsSocketWhenItEnds() throws IOException {
        server.close();
        assertThat(socket).doesNotExist();
        assertThatThrownBy(() -> ask("{}\n")).isInstanceOf(IOException.class);
    }

    @Test
    void aRowHasAValueForEachColumn() {
        var table = TableView.columns("pod", "address");
        assertThatThrownBy(() -> table.row("shop/web-1")).isInstanceOf(IllegalArgumentException.class);
    }

    private String ask(String request) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
