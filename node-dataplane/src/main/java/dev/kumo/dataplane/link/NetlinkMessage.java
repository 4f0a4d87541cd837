// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A rtnetlink request under construction: header, family header, attributes (RFC 3549 §2.2, rtnetlink(7)). Numbers in host
 * order unless said otherwise. Not thread-safe.
 */
final class NetlinkMessage {
    static final int REPLACE = 0x100;
    static final int DUMP = 0x300;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;

    /** Bytes before the family header. */
    static final int HEADER = 16;

    private static final int REQUEST = 1;
    private static final int ACK = 4;
    private static final int CAPACITY = 2048;

    private static final int ATTRIBUTE_HEADER = 4;

    private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    /** @param flags besides REQUEST; every request asks for an acknowledgement, so that its end is known */
    NetlinkMessage(int type, int flags) {
        bytes.putInt(0)
                .putShort((short) type)
                .putShort((short) (REQUEST | ACK | flags))
                .putInt(0)
                .putInt(0);
    }

    /** {@code struct ifinfomsg}; {@code change} says which of the flags count. */
    NetlinkMessage link(int index, int flags, int change) {
        bytes.put((byte) 0).put((byte) 0).putShort((short) 0);
        bytes.putInt(index).putInt(flags).putInt(change);
        return this;
    }

    /** Bytes as they are, for the other family headers. */
    NetlinkMessage raw(int... values) {
        for (int value : values) {
            bytes.put((byte) value);
        }
        return this;
    }

    NetlinkMessage rawInt(int value) {
        bytes.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte... value) {
        bytes.putShort((short) (ATTRIBUTE_HEADER + value.length))
                .putShort((short) type)
                .put(value);
        return align();
    }

    NetlinkMessage attribute(int type, int value) {
        bytes.putShort((short) (ATTRIBUTE_HEADER + 4)).putShort((short) type).putInt(value);
        return this;
    }

    /** Zero-terminated, as names are. */
    NetlinkMessage attribute(int type, String value) {
        return attribute(type, (value + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    /** An attribute made of what {@code content} adds. */
    NetlinkMessage nested(int type, Runnable content) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) type);
        content.run();
        bytes.putShort(start, (short) (bytes.position() - start));
        return align();
    }

    /** The finished request. */
    byte[] toBytes(int sequence) {
        int length = bytes.position();
        bytes.putInt(0, length).putInt(8, sequence);
        var result = new byte[length];
        bytes.get(0, result);
        return result;
    }

    private NetlinkMessage align() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }
}
