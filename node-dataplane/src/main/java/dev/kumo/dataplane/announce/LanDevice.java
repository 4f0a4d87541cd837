// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.link.Link;

/**
 * A device of the node on which addresses can be announced.
 *
 * @param address the node's own that others probe on it
 * @param up administratively and with a carrier
 */
public record LanDevice(String name, int ifindex, MacAddress mac, Address address, boolean up) {
    public static LanDevice of(Link link, Address address) {
        return new LanDevice(link.name(), link.index(), link.mac(), address, link.up() && link.carrier());
    }
}
