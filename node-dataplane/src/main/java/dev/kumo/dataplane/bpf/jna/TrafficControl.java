// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Direct-action programs on clsact hooks. Ours sit at one preference and handle, so they are replaced in place and leave other
 * people's filters alone. Works on the calling thread's network namespace.
 */
public final class TrafficControl {
    private static final int PREFERENCE = 1;
    private static final int HANDLE = 1;
    private static final int REPLACE = 1;
    private static final int EEXIST = 17;
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");

    private TrafficControl() {}

    /** Which way packets go, seen from the device's namespace. */
    public enum Direction {
        INGRESS(1),
        EGRESS(2);

        private final int attachPoint;

        Direction(int attachPoint) {
            this.attachPoint = attachPoint;
        }
    }

    /** The number of our program there; -ENOENT if there is none, -EINVAL if there is no hook. */
    public static int query(int ifindex, Direction direction) {
        var options = options();
        int result = Libbpf.bpf_tc_query(hook(ifindex, direction), options);
        return result < 0 ? result : options.prog_id;
    }

    /** Makes the hook if need be and puts a program there, in place of ours. */
    public static int attach(int ifindex, Direction direction, int program) {
        var hook = hook(ifindex, direction);
        int made = Libbpf.bpf_tc_hook_create(hook);
        if (made < 0 && made != -EEXIST) {
            return made;
        }
        var options = options();
        options.prog_fd = program;
        options.flags = REPLACE;
        return Libbpf.bpf_tc_attach(hook, options);
    }

    public static int detach(int ifindex, Direction direction) {
        return Libbpf.bpf_tc_detach(hook(ifindex, direction), options());
    }

    /** All devices. Java's own list lacks those without an address. */
    public static List<Integer> devices() throws IOException {
        var indexes = new ArrayList<Integer>();
        for (var line : Files.readAllLines(DEVICES)) {
            int colon = line.indexOf(':');
            int index =
                    colon < 0 ? 0 : Libc.if_nametoindex(line.substring(0, colon).strip());
            if (index > 0) {
                indexes.add(index);
            }
        }
        return indexes;
    }

    private static Libbpf.TcHook hook(int ifindex, Direction direction) {
        var hook = new Libbpf.TcHook();
        hook.ifindex = ifindex;
        hook.attach_point = direction.attachPoint;
        return hook;
    }

    private static Libbpf.TcOptions options() {
        var options = new Libbpf.TcOptions();
        options.handle = HANDLE;
        options.priority = PREFERENCE;
        return options;
    }
}
