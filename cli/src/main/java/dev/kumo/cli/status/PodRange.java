// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * A node's pod range, IPv4 or IPv6.
 *
 * @param first its first address
 * @param length how many leading bits are fixed
 */
record PodRange(InetAddress first, int length) {
    /** @throws IllegalArgumentException if it is none, such as a name in place of an address */
    static PodRange of(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not an address range: " + cidr);
        }
        return new PodRange(
                InetAddress.ofLiteral(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
    }

    boolean contains(String address) {
        InetAddress other = InetAddress.ofLiteral(address);
        int bits = first.getAddress().length * Byte.SIZE;
        return other.getAddress().length == first.getAddress().length
                && number(other).xor(number(first)).bitLength() <= bits - length;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
