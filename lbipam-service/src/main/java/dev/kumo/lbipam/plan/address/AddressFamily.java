// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import inet.ipaddr.IPAddress;
import java.util.Optional;

/** Named as Services name them. */
public enum AddressFamily {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String text;

    AddressFamily(String text) {
        this.text = text;
    }

    static AddressFamily of(IPAddress address) {
        return address.isIPv4() ? IPV4 : IPV6;
    }

    static Optional<AddressFamily> named(String text) {
        return switch (text) {
            case "IPv4" -> Optional.of(IPV4);
            case "IPv6" -> Optional.of(IPV6);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
