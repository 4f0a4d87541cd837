// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import java.util.Comparator;

/**
 * A port of a Service.
 *
 * @param name empty for an unnamed port; backends carry the name of the port that they serve
 * @param nodePort 0 if there is none
 */
public record ServicePort(String name, Protocol protocol, int port, int nodePort) implements Comparable<ServicePort> {
    private static final Comparator<ServicePort> ORDER = Comparator.comparing(ServicePort::protocol)
            .thenComparing(ServicePort::port)
            .thenComparing(ServicePort::name);

    @Override
    public int compareTo(ServicePort other) {
        return ORDER.compare(this, other);
    }
}
