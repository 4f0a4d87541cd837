// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.MacAddress;

/**
 * A network device as the kernel described it.
 *
 * @param mtu bytes
 * @param up administratively
 * @param carrier whether it can pass frames right now
 * @param kind such as {@code veth} or {@code vxlan}; empty for hardware
 */
public record Link(int index, String name, MacAddress mac, int mtu, boolean up, boolean carrier, String kind) {}
