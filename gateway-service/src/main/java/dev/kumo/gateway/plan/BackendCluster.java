// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ObjectKey;

/**
 * A port of a Service that gets requests.
 *
 * @param http2 whether it is spoken to by HTTP/2 without TLS
 */
public record BackendCluster(ObjectKey service, int port, boolean http2) {
    /** {@code namespace/service:port}, also the name of its endpoints. */
    public String name() {
        return "%s:%d".formatted(service, port);
    }
}
