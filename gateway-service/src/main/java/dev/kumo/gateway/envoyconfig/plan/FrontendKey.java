// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

import dev.kumo.gateway.model.ObjectKey;
import java.util.Comparator;

/** A TCP port of a Service. */
public record FrontendKey(ObjectKey service, int port) implements Comparable<FrontendKey> {
    private static final Comparator<FrontendKey> ORDER =
            Comparator.comparing(FrontendKey::service).thenComparing(FrontendKey::port);

    @Override
    public int compareTo(FrontendKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return service + ":" + port;
    }
}
