// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Asks the dataplane over its debug socket: one line of JSON there, one back. */
public final class DaemonSocket {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    public DaemonSocket(Path path) {
        this.path = path;
    }

    /**
     * @param command such as "endpoints"
     * @throws IOException with words for people if there is no dataplane or it has no answer
     */
    public JsonNode ask(String command) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(
                    "no dataplane listens at " + path
                            + ": it is down or starting, or this is not its pod (kubectl exec -n kumo-system ds/node-dataplane -- kumo …)");
        }
        JsonNode answer = JSON.readTree(exchange(JSON.writeValueAsString(Map.of("command", command)) + "\n"));
        if (answer == null || answer.isMissingNode()) {
            throw new IOException("the dataplane at " + path + " closed the connection without an answer");
        }
        if (answer.has("error")) {
            throw new IOException(
                    "the dataplane answers: " + answer.get("error").asText());
        }
        return answer;
    }

    private String exchange(String request) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connect(channel);
            var buffer = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void connect(SocketChannel channel) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw new IOException("the dataplane at " + path + " is not reachable (" + e.getMessage() + ")", e);
        }
    }
}
