// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Memory;
import org.jboss.logging.Logger;

/** libbpf's own messages, as records of this logger: its warnings and notices at their level, its chatter at TRACE. */
final class BpfLog {
    private static final Logger LOG = Logger.getLogger("dev.kumo.dataplane.bpf.libbpf");
    private static final int LINE = 8192;

    /** Comes with every tc call that finds no hook, or one already there; the caller knows what to make of it. */
    private static final String NETLINK_REFUSAL = "Kernel error message:";

    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(LINE));

    /** Held here because native code alone does not keep a callback alive. */
    private static final Libbpf.Print PRINT = (level, format, arguments) -> {
        var wanted = level(level);
        if (!LOG.isEnabled(wanted)) {
            return 0;
        }
        var buffer = BUFFER.get();
        int length = Libc.vsnprintf(buffer, LINE, format, arguments);
        var message = buffer.getString(0).strip();
        LOG.log(message.contains(NETLINK_REFUSAL) ? Logger.Level.DEBUG : wanted, message);
        return length;
    };

    private BpfLog() {}

    static void install() {
        Libbpf.libbpf_set_print(PRINT);
    }

    private static Logger.Level level(int level) {
        return switch (level) {
            case 0 -> Logger.Level.WARN;
            case 1 -> Logger.Level.INFO;
            default -> Logger.Level.TRACE;
        };
    }
}
