// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;

/**
 * The VXLAN device as it shall be: external (the programs choose peer and VNI a packet), no ARP.
 *
 * @param port UDP
 * @param node the node's address, from which the device's Ethernet address is derived
 * @param mtu bytes
 */
public record OverlayLink(String name, int port, Address node, int mtu) {
    public MacAddress mac() {
        return MacAddress.ofOverlay(node);
    }
}
