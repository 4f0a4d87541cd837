// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.FeedAuthenticator;
import java.io.IOException;

/**
 * Serves one feed to nodes: gRPC over TLS 1.3 on a port of its own. Any replica serves; while the publisher holds no
 * snapshot, subscriptions are refused with NOT_SYNCED and nodes try another one. Any thread.
 */
public final class FeedServer implements AutoCloseable {
    private final FeedEndpoint endpoint;

    public FeedServer(
            FeedEndpoint endpoint,
            FeedAuthenticator authenticator,
            FeedState state,
            ReportCheck check,
            StaleReplicaListener staleReplicas) {
        this.endpoint = endpoint;
    }

    /** Binds the port and serves from then on. */
    public FeedServer start() throws IOException {
        throw new IOException("not built yet: " + endpoint.port());
    }

    /** The port that is bound. */
    public int port() {
        return endpoint.port();
    }

    /** Ends every stream so that nodes leave for another replica at once; frees the port. */
    @Override
    public void close() {}
}
