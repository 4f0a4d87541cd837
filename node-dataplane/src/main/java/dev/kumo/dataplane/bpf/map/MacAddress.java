// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An Ethernet address: six bytes. Immutable. */
public final class MacAddress {
    /** Bytes of an Ethernet address. */
    public static final int LENGTH = 6;

    /** The host side of every pod's link, and the address of the pod's gateway. */
    public static final MacAddress HOST_SIDE = of("ee:ee:ee:ee:ee:ee");

    private static final HexFormat HEX = HexFormat.ofDelimiter(":");
    private final byte[] bytes;

    private MacAddress(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an Ethernet address has 6 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    public static MacAddress of(byte[] bytes) {
        return new MacAddress(bytes.clone());
    }

    /** @param text such as {@code 02:00:00:00:00:01} */
    public static MacAddress of(String text) {
        return new MacAddress(HexFormat.ofDelimiter(":").parseHex(text));
    }

    /** The pod's side of its link: 0a:58 and the IPv4 address, so that it is the same whoever computes it. */
    public static MacAddress ofPod(Address address) {
        return derived(0x0a, 0x58, address);
    }

    /** A node's overlay device: 0a:56 and the node's IPv4 address; VXLAN drops frames that carry the receiver's own address. */
    public static MacAddress ofOverlay(Address node) {
        return derived(0x0a, 0x56, node);
    }

    private static MacAddress derived(int first, int second, Address address) {
        int number = address.ipv4();
        return new MacAddress(new byte[] {
            (byte) first,
            (byte) second,
            (byte) (number >>> 24),
            (byte) (number >>> 16),
            (byte) (number >>> 8),
            (byte) number
        });
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MacAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HEX.formatHex(bytes);
    }
}
