// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Runs a program many times on the same packet, put back before each run by {@code bench/kernel/again.bpf.c}. */
public final class RepeatedRun implements AutoCloseable {
    private static final int CONTEXT = 192; // struct __sk_buff
    private static final int CONTEXT_INGRESS_IFINDEX = 36;
    private static final int CONTEXT_IFINDEX = 40;
    private static final int HEADERS = 54;
    private static final byte[] FIRST = new byte[4];

    private final int again;
    private final int empty;
    private final int start;
    private final int measured;

    private RepeatedRun(Path pins) {
        again = open(pins.resolve("programs/again"));
        empty = open(pins.resolve("programs/empty"));
        start = open(pins.resolve("maps/start"));
        measured = open(pins.resolve("maps/measured"));
    }

    /**
     * @param object compiled {@code again.bpf.c}
     * @param pins folder in bpffs that nobody uses; what is pinned there is the caller's to remove
     */
    public static RepeatedRun load(Path object, Path pins) {
        execute("mkdir", "-p", pins + "/programs", pins + "/maps");
        execute(
                "bpftool",
                "prog",
                "loadall",
                object.toString(),
                pins + "/programs",
                "type",
                "tc",
                "pinmaps",
                pins + "/maps");
        return new RepeatedRun(pins);
    }

    /** The program that lets everything pass. */
    public int empty() {
        return empty;
    }

    /**
     * Nanoseconds of one run, the mean of all; what brings the packet back is part of it.
     *
     * @param program descriptor
     * @param frame at least Ethernet, IPv4 and 20 more bytes; no more than the first 54 bytes are put back
     * @param ifindex of the device that the packet seems to have come to
     * @param firstPort if not 0, each run has the next source port, beginning with this one
     */
    public int nanos(int program, byte[] frame, int ifindex, int mark, int firstPort, int repeat) {
        check(BpfSyscall.update(measured, FIRST, ints(program)));
        check(BpfSyscall.update(
                start,
                FIRST,
                buffer(8 + HEADERS + 2)
                        .putInt(mark)
                        .putInt(firstPort)
                        .put(frame, 0, HEADERS)
                        .array()));
        var context = buffer(CONTEXT)
                .putInt(CONTEXT_INGRESS_IFINDEX, ifindex)
                .putInt(CONTEXT_IFINDEX, ifindex)
                .array();
        return TestRun.run(again, frame, context, repeat).durationNanos();
    }

    @Override
    public void close() {
        BpfSyscall.close(again);
        BpfSyscall.close(empty);
        BpfSyscall.close(start);
        BpfSyscall.close(measured);
    }

    private static int open(Path pin) {
        return check(BpfSyscall.get(pin));
    }

    private static int check(int result) {
        if (result < 0) {
            throw new IllegalStateException("bpf: errno " + -result);
        }
        return result;
    }

    private static void execute(String... command) {
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": exit code " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] ints(int value) {
        return buffer(4).putInt(value).array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
