// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.Comparator;

/** Names a backend: one address and port that serves one named port of a Service. */
public record BackendKey(ServiceRef service, String portName, Protocol protocol, int port, IPAddress address)
        implements Comparable<BackendKey> {
    private static final Comparator<BackendKey> ORDER = Comparator.comparing(BackendKey::service)
            .thenComparing(BackendKey::protocol)
            .thenComparing(BackendKey::port)
            .thenComparing(BackendKey::address)
            .thenComparing(BackendKey::portName);

    @Override
    public int compareTo(BackendKey other) {
        return ORDER.compare(this, other);
    }
}
