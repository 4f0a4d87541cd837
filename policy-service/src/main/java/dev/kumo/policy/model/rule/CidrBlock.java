// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * An address block in the space of IPv6, where IPv4 is {@code ::ffff:0:0/96}. The bits behind the prefix are zero.
 *
 * @param high the first eight bytes of the address, network order
 * @param low the last eight bytes
 * @param length of the prefix in bits, 0–128
 */
public record CidrBlock(long high, long low, int length) implements Comparable<CidrBlock> {
    public static final int BITS = 128;
    /** All of IPv4. */
    public static final CidrBlock IPV4 = new CidrBlock(0, 0xffff_0000_0000L, 96);
    /** All addresses, IPv4 ones among them. */
    public static final CidrBlock EVERYTHING = new CidrBlock(0, 0, 0);

    private static final Comparator<CidrBlock> ORDER = Comparator.comparing(CidrBlock::high, Long::compareUnsigned)
            .thenComparing(CidrBlock::low, Long::compareUnsigned)
            .thenComparing(CidrBlock::length);

    public CidrBlock {
        if (length < 0 || length > BITS) {
            throw new IllegalArgumentException("prefix length " + length);
        }
        high &= mask(length);
        low &= mask(length - Long.SIZE);
    }

    /** The block of a prefix in 16 bytes, network order. */
    public static CidrBlock of(byte[] address, int length) {
        var bytes = ByteBuffer.wrap(address);
        return new CidrBlock(bytes.getLong(), bytes.getLong(), length);
    }

    /** The first {@code bits} of a 64-bit word. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : -1L << (Long.SIZE - Math.min(bits, Long.SIZE));
    }

    public boolean isIpv4() {
        return length >= IPV4.length && IPV4.contains(this);
    }

    public boolean contains(CidrBlock other) {
        return other.length >= length && other.truncate(length).equals(this);
    }

    /** The block of this prefix length that holds this one. */
    public CidrBlock truncate(int shorter) {
        return shorter >= length ? this : new CidrBlock(high, low, shorter);
    }

    /** Its first address: 16 bytes, network order. */
    public byte[] address() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(CidrBlock other) {
        return ORDER.compare(this, other);
    }

    /** As people write it: {@code 192.0.2.0/24}, {@code 2001:db8:0:0:0:0:0:0/32}. */
    @Override
    public String toString() {
        try {
            var address = address();
            if (isIpv4()) {
                var last = ByteBuffer.allocate(4).putInt((int) low).array();
                return InetAddress.getByAddress(last).getHostAddress() + "/" + (length - IPV4.length);
            }
            // getByAddress would turn a mapped address into an IPv4 one.
            return Inet6Address.getByAddress(null, address, -1).getHostAddress() + "/" + length;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }
}
