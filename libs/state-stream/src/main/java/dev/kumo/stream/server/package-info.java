// SPDX-License-Identifier: Apache-2.0
/** The side of a feed that a control service runs: sessions with nodes over gRPC and TLS. */
@NullMarked
package dev.kumo.stream.server;

import org.jspecify.annotations.NullMarked;
