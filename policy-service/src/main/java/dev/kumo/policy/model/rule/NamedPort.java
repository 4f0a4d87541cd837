// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.Comparator;

/** A port that a pod's containers name. @param name in lower case; @param protocol number of the IP protocol */
public record NamedPort(String name, int protocol, int port) implements Comparable<NamedPort> {
    private static final Comparator<NamedPort> ORDER = Comparator.comparing(NamedPort::name)
            .thenComparing(NamedPort::protocol)
            .thenComparing(NamedPort::port);

    @Override
    public int compareTo(NamedPort other) {
        return ORDER.compare(this, other);
    }
}
