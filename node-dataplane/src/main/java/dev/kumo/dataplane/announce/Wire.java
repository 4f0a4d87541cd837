// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.List;
import java.util.Set;

/** ARP on the node's LAN devices. */
public interface Wire {
    /** A frame that came in by a device. */
    record Arrival(int ifindex, ArpFrame frame) {}

    /** Does not wait. */
    void send(int ifindex, ArpFrame frame);

    /** All that has arrived since it was last asked. Does not wait. */
    List<Arrival> arrivals();

    /** Only what hosts say under these addresses is of interest from now on. */
    void listenTo(Set<Address> senders);
}
