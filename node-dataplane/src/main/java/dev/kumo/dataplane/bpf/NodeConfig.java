// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;

/**
 * What the programs know of their node as constants ({@code struct node_config}, .rodata). Another config is another set of
 * programs, loaded beside the old ones and put into their hooks in place.
 *
 * @param nodeAddress the node's own IPv4 address
 * @param ingressAddress of the pod range, where Envoy's connections as a gateway come from; 0.0.0.0 if there is none
 * @param podRange the node's pods
 * @param clusterRange the pods of all nodes
 * @param deviceIfindex the LAN device
 * @param deviceMac the LAN device's address
 * @param overlayIfindex the VXLAN device, 0 if there is none
 * @param routing how pods of other nodes are reached
 * @param masquerade whether pods leave the cluster under the node's address
 */
public record NodeConfig(
        Address nodeAddress,
        Address ingressAddress,
        Range podRange,
        Range clusterRange,
        int deviceIfindex,
        MacAddress deviceMac,
        int overlayIfindex,
        Routing routing,
        boolean masquerade) {

    /** How pods of other nodes are reached; the order is the C number. */
    public enum Routing {
        VXLAN,
        DIRECT
    }

    /** An IPv4 range: its first address and how many leading bits are fixed (0 to 32). */
    public record Range(Address address, int bits) {
        public Range {
            if (bits < 0 || bits > 32 || (address.ipv4() & ~mask(bits)) != 0) {
                throw new IllegalArgumentException("not an IPv4 range: " + address + "/" + bits);
            }
        }

        /** @param cidr such as {@code 10.244.1.0/24} */
        public static Range of(String cidr) {
            int slash = cidr.indexOf('/');
            if (slash < 0) {
                throw new IllegalArgumentException("not an IPv4 range: " + cidr);
            }
            return new Range(Address.of(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
        }

        /** Such as 0xffffff00 for 24 bits. */
        public int mask() {
            return mask(bits);
        }

        public boolean contains(Address other) {
            return other.isIpv4() && (other.ipv4() & mask()) == address.ipv4();
        }

        private static int mask(int bits) {
            return bits == 0 ? 0 : -1 << 32 - bits;
        }

        @Override
        public String toString() {
            return address + "/" + bits;
        }
    }
}
