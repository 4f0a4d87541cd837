// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.List;

/**
 * A pod's side of a link as found in its namespace.
 *
 * @param peerIndex ifindex of the other side, in the node's namespace
 * @param addresses IPv4 addresses on it
 * @param hasDefaultRoute whether the default route goes through it
 */
public record PodInterface(Link link, int peerIndex, List<Address> addresses, boolean hasDefaultRoute) {}
