// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.stream.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Settings under /proc/sys/net: those of the calling thread's network namespace. */
final class KernelSettings {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private KernelSettings() {}

    /**
     * @param setting below /proc/sys/net, such as {@code ipv4/ip_forward}
     * @throws LinkException if it cannot be written
     */
    static void set(String setting, String value) {
        try {
            Files.writeString(ROOT.resolve(setting), value);
        } catch (IOException e) {
            throw new LinkException(Reason.KERNEL_ERROR, "set " + setting + " to " + value + ": " + e);
        }
    }

    /** A setting that a kernel without IPv6 lacks. */
    static void setIfPresent(String setting, String value) {
        if (Files.exists(ROOT.resolve(setting))) {
            set(setting, value);
        }
    }
}
