// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.FeedMethods;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * How a node reaches the replicas of one feed.
 *
 * @param node this node's name
 * @param authority the name that the server's certificate must carry, such as {@code policy-service.kumo-system.svc}
 * @param replicas resolved addresses as known now; asked before each attempt, any thread, must not block
 */
public record FeedConnection(
        FeedMethods methods,
        String node,
        String authority,
        Supplier<List<InetSocketAddress>> replicas,
        FeedCredentials credentials) {
    private static final Logger LOG = Logger.getLogger(FeedConnection.class);

    /** With the authority {@code <service>.kumo-system.svc} of the service that owns the feed. */
    public static FeedConnection of(
            FeedMethods methods, String node, Supplier<List<InetSocketAddress>> replicas, FeedCredentials credentials) {
        return new FeedConnection(methods, node, methods.authority(), replicas, credentials);
    }

    /** The replicas known now; none if they can't be asked for, which must not end the attempts. */
    List<InetSocketAddress> known() {
        try {
            return List.copyOf(replicas.get());
        } catch (RuntimeException e) {
            LOG.errorf(e, "feed %s: its replicas can't be listed", methods.feed());
            return List.of();
        }
    }
}
