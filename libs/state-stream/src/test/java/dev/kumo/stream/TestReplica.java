// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.stream.server.FeedEndpoint;
import dev.kumo.stream.server.FeedServer;
import dev.kumo.stream.server.FeedState;
import dev.kumo.stream.server.ReportCheck;
import dev.kumo.stream.server.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One replica of the policy feed on loopback. Token "token-w1" is good for node w1, and so on; "short-w1" ends at once,
 * anything else is refused.
 */
public final class TestReplica implements AutoCloseable {
    public final FeedState state = FeedState.empty();
    public final List<String> staleSources = new CopyOnWriteArrayList<>();
    public volatile ReportCheck check = (node, item) -> Optional.empty();

    private final String name;
    private final ServerTls tls;
    private FeedServer server;

    public TestReplica(String name, TestCa ca) {
        var leaf = ca.leaf(FeedMethods.POLICY.authority());
        this(name, () -> leaf);
    }

    public TestReplica(String name, ServerTls tls) {
        this.name = name;
        this.tls = tls;
        this.server = start(0);
    }

    private FeedServer start(int port) {
        try {
            return new FeedServer(
                            new FeedEndpoint(FeedMethods.POLICY, port, name, tls),
                            token -> CompletableFuture.completedFuture(authenticate(token)),
                            state,
                            (node, item) -> check.check(node, item),
                            staleSources::add)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void restart() {
        var port = server.port();
        server.close();
        server = start(port);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    public int openCalls() {
        return server.openCalls();
    }

    @Override
    public void close() {
        server.close();
    }

    private static Authentication authenticate(String token) {
        if (token.startsWith("token-")) {
            return new Authentication.Node(
                    token.substring("token-".length()), Instant.now().plus(Duration.ofHours(1)));
        }
        if (token.startsWith("short-")) {
            return new Authentication.Node(
                    token.substring("short-".length()), Instant.now().plusMillis(300));
        }
        return new Authentication.Refused(Reason.TOKEN_REJECTED, "the API server doesn't know this token");
    }
}
