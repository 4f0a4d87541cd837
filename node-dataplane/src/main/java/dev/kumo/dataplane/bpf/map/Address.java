// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import com.google.protobuf.ByteString;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as the kernel's maps key it: 16 bytes in network order, IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2). Immutable;
 * ordered as unsigned bytes. C: {@code struct address}.
 */
public final class Address implements Comparable<Address> {
    /** Bytes of an address. */
    public static final int LENGTH = 16;

    private static final int MAPPED = 12;
    private final byte[] bytes;

    private Address(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes 4 or 16 bytes, network order
     * @throws IllegalArgumentException on any other length
     */
    public static Address of(byte[] bytes) {
        if (bytes.length == LENGTH) {
            return new Address(bytes.clone());
        }
        if (bytes.length != 4) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        }
        var mapped = new byte[LENGTH];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, MAPPED, 4);
        return new Address(mapped);
    }

    /** As {@link #of(byte[])}. */
    public static Address of(ByteString bytes) {
        return of(bytes.toByteArray());
    }

    public static Address of(InetAddress address) {
        return of(address.getAddress());
    }

    /**
     * Parses a literal; names are never resolved.
     *
     * @throws IllegalArgumentException if it isn't one single IPv4 or IPv6 address
     */
    public static Address of(String text) {
        try {
            var address = new IPAddressString(text).toAddress();
            if (address == null || address.isMultiple() || address.isPrefixed()) {
                throw new IllegalArgumentException("not an address: " + text);
            }
            return of(address.getBytes());
        } catch (AddressStringException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }

    /** The IPv4 address whose number is given, such as 0x0a000001 for 10.0.0.1. */
    public static Address ofIpv4(int number) {
        return of(new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    /** Whether the first bits, 0 to 128, are another address's. */
    public boolean hasPrefix(Address other, int bits) {
        int whole = bits / 8;
        if (!Arrays.equals(bytes, 0, whole, other.bytes, 0, whole)) {
            return false;
        }
        int mask = 0xff00 >> bits % 8 & 0xff;
        return mask == 0 || (bytes[whole] & mask) == (other.bytes[whole] & mask);
    }

    /** The first bits, 0 to 128, and zeros after them. */
    public Address truncate(int bits) {
        var kept = new byte[LENGTH];
        System.arraycopy(bytes, 0, kept, 0, (bits + 7) / 8);
        if (bits % 8 != 0) {
            kept[bits / 8] &= (byte) (0xff00 >> bits % 8);
        }
        return new Address(kept);
    }

    public boolean isIpv4() {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff;
    }

    /**
     * The IPv4 address's number, such as 0x0a000001 for 10.0.0.1.
     *
     * @throws IllegalStateException if it isn't IPv4
     */
    public int ipv4() {
        if (!isIpv4()) {
            throw new IllegalStateException("not IPv4: " + this);
        }
        return (bytes[12] & 0xff) << 24 | (bytes[13] & 0xff) << 16 | (bytes[14] & 0xff) << 8 | bytes[15] & 0xff;
    }

    /** All 16 bytes; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** As Java has it: an Inet4Address when it is IPv4. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(isIpv4() ? Arrays.copyOfRange(bytes, MAPPED, LENGTH) : bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("the length is right", e);
        }
    }

    @Override
    public int compareTo(Address other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Address address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return toInetAddress().getHostAddress();
    }
}
