// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import java.nio.ByteBuffer;

/** The Internet checksum (RFC 1071). */
final class Checksum {
    private Checksum() {}

    /** Sum of the 16-bit words, folded; 0xffff over bytes whose checksum is right. */
    static int sum(byte[] bytes, int initial) {
        long sum = initial;
        for (int i = 0; i < bytes.length; i++) {
            sum += (i & 1) == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) sum;
    }

    /** What TCP and UDP add to their sum (RFC 9293, 3.1). */
    static int pseudoHeader(String source, String destination, int protocol, int length) {
        return sum(
                ByteBuffer.allocate(12)
                        .put(Packet.addressBytes(source))
                        .put(Packet.addressBytes(destination))
                        .putShort((short) protocol)
                        .putShort((short) length)
                        .array(),
                0);
    }

    /** Writes the checksum into its zeroed field. */
    static byte[] enter(byte[] bytes, int field, int initial) {
        int check = ~sum(bytes, initial) & 0xffff;
        ByteBuffer.wrap(bytes).putShort(field, (short) check);
        return bytes;
    }
}
