// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;

/** BPF_PROG_TEST_RUN on a program that works on packets. */
public final class TestRun {
    private static final int HEADROOM = 512;

    static {
        Native.register(TestRun.class, "libbpf.so.1");
    }

    private TestRun() {}

    private static native int bpf_prog_test_run_opts(int program, Options options);

    /** What a run came to; durationNanos is the mean of all repetitions. */
    public record Result(int returned, byte[] packet, byte[] context, int durationNanos) {}

    /**
     * @param context a {@code struct __sk_buff} or its beginning
     * @throws IllegalStateException with the kernel's error number
     */
    public static Result run(int program, byte[] packet, byte[] context, int repeat) {
        var options = new Options();
        try (var in = new Memory(packet.length);
                var out = new Memory(packet.length + HEADROOM);
                var contextIn = new Memory(context.length);
                var contextOut = new Memory(context.length)) {
            in.write(0, packet, 0, packet.length);
            contextIn.write(0, context, 0, context.length);
            options.data_in = in;
            options.data_size_in = packet.length;
            options.data_out = out;
            options.data_size_out = (int) out.size();
            options.ctx_in = contextIn;
            options.ctx_size_in = context.length;
            options.ctx_out = contextOut;
            options.ctx_size_out = context.length;
            options.repeat = repeat;
            int result = bpf_prog_test_run_opts(program, options);
            if (result < 0) {
                throw new IllegalStateException("BPF_PROG_TEST_RUN: errno " + -result);
            }
            return new Result(
                    options.retval,
                    out.getByteArray(0, options.data_size_out),
                    contextOut.getByteArray(0, context.length),
                    options.duration);
        }
    }

    /** {@code struct bpf_test_run_opts}. */
    @Structure.FieldOrder({
        "sz",
        "data_in",
        "data_out",
        "data_size_in",
        "data_size_out",
        "ctx_in",
        "ctx_out",
        "ctx_size_in",
        "ctx_size_out",
        "retval",
        "repeat",
        "duration",
        "flags",
        "cpu",
        "batch_size"
    })
    public static final class Options extends Structure {
        public long sz;
        public Pointer data_in;
        public Pointer data_out;
        public int data_size_in;
        public int data_size_out;
        public Pointer ctx_in;
        public Pointer ctx_out;
        public int ctx_size_in;
        public int ctx_size_out;
        public int retval;
        public int repeat;
        public int duration;
        public int flags;
        public int cpu;
        public int batch_size;

        public Options() {
            sz = size();
        }
    }
}
