// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.time.Instant;

/** Who is calling. */
public sealed interface Authentication {
    /** A dataplane's token, good until {@code expiry}; {@code node} is where its pod runs. */
    record Node(String node, Instant expiry) implements Authentication {}

    /** Not one of ours. The message never holds the token. */
    record Refused(Reason reason, String message) implements Authentication {}
}
