// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.TestMaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Classes, their rules and L7 slots, written as the kernel reads them. */
final class Policy {
    static final int INGRESS = 1;
    static final int EGRESS = 2;
    static final int ANY = 0;
    private static final int KEY = 12;
    private static final int VALUE = 8;
    private static final int MAX_ENTRIES = 16384;
    private static final int WHOLE = 64;

    private Policy() {}

    /**
     * One entry.
     *
     * @param identity the peer's, {@link #ANY} for all
     * @param direction 0 ingress, 1 egress
     * @param bits of the key that count
     */
    record Rule(int identity, int direction, int protocol, int port, int bits, boolean deny, int slot) {
        static Rule ingress(int identity, int protocol, int port) {
            return new Rule(identity, 0, protocol, port, WHOLE, false, 0);
        }

        static Rule egress(int identity, int protocol, int port) {
            return new Rule(identity, 1, protocol, port, WHOLE, false, 0);
        }

        /** Any port, or any protocol if that is 0. */
        Rule wide() {
            return new Rule(identity, direction, protocol, 0, protocol == 0 ? 40 : 48, deny, slot);
        }

        Rule portBits(int count) {
            return new Rule(identity, direction, protocol, port, 48 + count, deny, slot);
        }

        Rule denied() {
            return new Rule(identity, direction, protocol, port, bits, true, 0);
        }

        Rule slot(int number) {
            return new Rule(identity, direction, protocol, port, bits, deny, number);
        }

        private byte[] key() {
            return buffer(KEY)
                    .putInt(bits)
                    .putInt(identity)
                    .put((byte) direction)
                    .put((byte) protocol)
                    .put((byte) (port >> 8))
                    .put((byte) port)
                    .array();
        }

        private byte[] value() {
            return buffer(VALUE).putInt(deny ? 1 : 0).putInt(slot).array();
        }
    }

    /** Puts a class in force, or another revision of it in its place. */
    static void put(TestDatapath kernel, int number, long revision, int enforced, Rule... rules) {
        int trie = TestMaps.trie(KEY, VALUE, MAX_ENTRIES);
        try {
            for (var rule : rules) {
                update(trie, rule.key(), rule.value());
            }
            update(kernel.mapDescriptor("policies"), number(number), number(trie));
        } finally {
            BpfSyscall.close(trie);
        }
        update(
                kernel.mapDescriptor("classes"),
                number(number),
                buffer(16).putLong(revision).putInt(enforced).putInt(0).array());
    }

    static void slot(TestDatapath kernel, int slot, int port) {
        update(kernel.mapDescriptor("slots"), number(slot), new byte[] {(byte) (port >> 8), (byte) port, 0, 0});
    }

    private static void update(int map, byte[] key, byte[] value) {
        int result = BpfSyscall.update(map, key, value);
        if (result < 0) {
            throw new IllegalStateException("BPF_MAP_UPDATE_ELEM: errno " + -result);
        }
    }

    private static byte[] number(int number) {
        return buffer(4).putInt(number).array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
