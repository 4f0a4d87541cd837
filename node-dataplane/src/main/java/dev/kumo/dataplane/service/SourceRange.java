// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.Comparator;

/**
 * Clients that may use a Service's LoadBalancer addresses.
 *
 * @param length 0 to 128: IPv4 prefixes are counted as IPv6 ones
 */
public record SourceRange(Address address, int length) implements Comparable<SourceRange> {
    private static final Comparator<SourceRange> ORDER =
            Comparator.comparing(SourceRange::address).thenComparing(SourceRange::length);

    @Override
    public int compareTo(SourceRange other) {
        return ORDER.compare(this, other);
    }
}
