// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

/** Addresses as feeds carry them: 16 bytes, network byte order, IPv4 as v4-mapped (RFC 4291 section 2.5.5.2). */
public final class WireAddress {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int MAPPED_BITS = 96;

    private WireAddress() {}

    /** @param address 4 or 16 bytes, network byte order */
    public static ByteString of(byte[] address) {
        var mapped = new byte[IPV6_BYTES];
        switch (address.length) {
            case IPV4_BYTES -> {
                mapped[10] = (byte) 0xff;
                mapped[11] = (byte) 0xff;
                System.arraycopy(address, 0, mapped, IPV6_BYTES - IPV4_BYTES, IPV4_BYTES);
            }
            case IPV6_BYTES -> System.arraycopy(address, 0, mapped, 0, IPV6_BYTES);
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length);
        }
        return UnsafeByteOperations.unsafeWrap(mapped);
    }

    /** The length of an IPv4 prefix counted as an IPv6 one. */
    public static int mappedPrefixLength(int ipv4PrefixLength) {
        return MAPPED_BITS + ipv4PrefixLength;
    }
}
