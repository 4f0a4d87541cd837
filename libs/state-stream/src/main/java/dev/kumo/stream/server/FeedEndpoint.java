// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.FeedMethods;

/**
 * Where and as whom a feed is served.
 *
 * @param port TCP port on all addresses; 0 takes a free one
 * @param replica the name of the serving pod, told to nodes with each batch
 */
public record FeedEndpoint(FeedMethods methods, int port, String replica, ServerTls tls) {}
