// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.Address;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 route of ours in the main table.
 *
 * @param bits of the destination prefix, 0 to 32
 * @param ifindex the device it goes through
 * @param gateway the next hop; none means that the destination is on the link
 * @param source preferred source address of the node's own packets, if any
 * @param mtu bytes, 0 for the device's
 */
public record Route(
        Address destination,
        int bits,
        int ifindex,
        @Nullable Address gateway,
        @Nullable Address source,
        int mtu) {}
