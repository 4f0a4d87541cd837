// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.link.TestNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A pod of {@link LiveNode}: its namespace, in which it may serve and ask. */
public record LivePod(TestNamespace namespace, Address address) implements AutoCloseable {
    /** A listener that Envoy has acknowledged may still take a while to listen, and a lost SYN comes again after a second. */
    private static final int PATIENCE_MILLIS = 15_000;

    private static final int ANY_PORT = 0;

    private static final int IMPATIENCE_MILLIS = 3000;

    /** Answers every request with the address that it came from. */
    public void serve(int port) throws Exception {
        var server = namespace.call(() -> new ServerSocket(port));
        Thread.ofPlatform().daemon(true).start(() -> {
            while (!server.isClosed()) {
                try {
                    var client = server.accept();
                    Thread.ofPlatform().daemon(true).start(() -> answer(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private static void answer(Socket client) {
        try (client) {
            var requests =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (var line = requests.readLine(); line != null; line = requests.readLine()) {
                if (line.isEmpty()) {
                    var body = client.getInetAddress().getHostAddress();
                    var answer = "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException _) {
            // The client has gone.
        }
    }

    /** An open connection of a namespace's to a pod. */
    static Connection connect(TestNamespace from, LivePod to, int port) throws Exception {
        return connect(from, ANY_PORT, to.socketAddress(port), PATIENCE_MILLIS);
    }

    /** As {@link #connect}, from a port of the client's choice. */
    public static Connection connectFrom(TestNamespace from, int clientPort, InetSocketAddress to) throws Exception {
        return connect(from, clientPort, to, PATIENCE_MILLIS);
    }

    private static Connection connect(TestNamespace from, int clientPort, InetSocketAddress to, int millis)
            throws Exception {
        return from.call(() -> {
            var socket = new Socket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(clientPort));
                socket.setSoTimeout(millis);
                socket.connect(to, millis);
                return new Connection(socket);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    InetSocketAddress socketAddress(int port) {
        return new InetSocketAddress(address().toInetAddress(), port);
    }

    Connection connect(LivePod to, int port) throws Exception {
        return connect(namespace, to, port);
    }

    /** As {@link #connect}, where it is not to be expected: without waiting for long. */
    Connection tryToConnect(LivePod to, int port) throws Exception {
        return connect(namespace, ANY_PORT, to.socketAddress(port), IMPATIENCE_MILLIS);
    }

    /** Requests one after another over one connection. */
    public record Connection(Socket socket) implements AutoCloseable {
        /** Status and body, such as "200 10.244.1.7". */
        public String get(String path) throws IOException {
            return ask(path, "");
        }

        /** As {@link #get}, and the other side closes the connection. */
        public String getLast(String path) throws IOException {
            var answer = ask(path, "Connection: close\r\n");
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("more than the answer");
            }
            return answer;
        }

        private String ask(String path, String field) throws IOException {
            var request = "GET " + path + " HTTP/1.1\r\nHost: server\r\n" + field + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var status = line().split(" ", -1)[1];
            int length = 0;
            for (var header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring(header.indexOf(':') + 1).strip());
                }
            }
            return status + " " + new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            while (!line.toString().endsWith("\r\n")) {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    throw new IOException("closed after: " + line);
                }
                line.append((char) read);
            }
            return line.substring(0, line.length() - 2);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws Exception {
        namespace.close();
    }
}
