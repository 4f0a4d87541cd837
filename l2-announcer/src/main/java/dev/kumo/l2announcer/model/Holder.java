// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import inet.ipaddr.IPAddress;
import java.util.List;

/**
 * A node that answers for an address, or would.
 *
 * @param nodeAddress its own on the first of the interfaces, by which other nodes probe it
 * @param interfaces where it answers; sorted, not empty
 */
public record Holder(String node, IPAddress nodeAddress, List<String> interfaces) {
    public Holder {
        interfaces = List.copyOf(interfaces);
    }
}
