// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One rtnetlink message from the kernel, without its header. Immutable. */
final class NetlinkReply {
    private static final int TYPE_MASK = 0x3fff;

    private final int type;
    private final int flags;
    private final int sequence;
    private final ByteBuffer payload;

    private NetlinkReply(int type, int flags, int sequence, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.sequence = sequence;
        this.payload = wrap(payload);
    }

    /** The messages of one read. */
    static List<NetlinkReply> split(byte[] buffer, int length) {
        var replies = new ArrayList<NetlinkReply>();
        var bytes = wrap(buffer);
        int at = 0;
        while (at + NetlinkMessage.HEADER <= length) {
            int size = bytes.getInt(at);
            if (size < NetlinkMessage.HEADER || at + size > length) {
                break;
            }
            replies.add(new NetlinkReply(
                    Short.toUnsignedInt(bytes.getShort(at + 4)),
                    Short.toUnsignedInt(bytes.getShort(at + 6)),
                    bytes.getInt(at + 8),
                    Arrays.copyOfRange(buffer, at + NetlinkMessage.HEADER, at + size)));
            at += (size + 3) / 4 * 4;
        }
        return replies;
    }

    /** RTM_* or NLMSG_*. */
    int type() {
        return type;
    }

    boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    /** Of the request that it answers, 0 for a notification. */
    int sequence() {
        return sequence;
    }

    int unsignedByte(int offset) {
        return Byte.toUnsignedInt(payload.get(offset));
    }

    int integer(int offset) {
        return payload.getInt(offset);
    }

    /** The attributes that follow a family header of that length. */
    Attributes attributes(int headerLength) {
        if (payload.capacity() <= headerLength) {
            return new Attributes(ByteBuffer.allocate(0));
        }
        return new Attributes(payload.slice(headerLength, payload.capacity() - headerLength));
    }

    /** Attributes by type; the last of a kind counts. */
    static final class Attributes {
        private final Map<Integer, byte[]> values = new HashMap<>();

        private Attributes(ByteBuffer bytes) {
            bytes.order(ByteOrder.nativeOrder());
            while (bytes.remaining() >= 4) {
                int start = bytes.position();
                int length = Short.toUnsignedInt(bytes.getShort());
                int type = bytes.getShort() & TYPE_MASK;
                if (length < 4 || start + length > bytes.limit()) {
                    return;
                }
                var value = new byte[length - 4];
                bytes.get(value);
                values.put(type, value);
                bytes.position(Math.min(bytes.limit(), start + (length + 3) / 4 * 4));
            }
        }

        Optional<byte[]> bytes(int type) {
            return Optional.ofNullable(values.get(type));
        }

        Optional<Integer> integer(int type) {
            return bytes(type).map(value -> wrap(value).getInt(0));
        }

        Optional<String> string(int type) {
            return bytes(type).map(value -> {
                int end = 0;
                while (end < value.length && value[end] != 0) {
                    end++;
                }
                return new String(value, 0, end, StandardCharsets.UTF_8);
            });
        }

        /** The attributes inside an attribute; none if it isn't there. */
        Attributes nested(int type) {
            return new Attributes(ByteBuffer.wrap(bytes(type).orElse(new byte[0])));
        }
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
