// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.Reason;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a node's subscription stands.
 *
 * @param address the replica's address while a stream is open, else null
 * @param replica its name as told by its first batch, else empty
 * @param inSync the node holds all that this replica serves to it
 * @param since when {@code address} or {@code inSync} last changed
 * @param items entries held
 * @param lastError why the last stream ended or none could be opened; null if nothing went wrong since the last in-sync
 * @param message details of it, else empty
 */
public record FeedStatus(
        FeedMethods feed,
        @Nullable InetSocketAddress address,
        String replica,
        boolean inSync,
        Instant since,
        int items,
        @Nullable Reason lastError,
        String message) {}
