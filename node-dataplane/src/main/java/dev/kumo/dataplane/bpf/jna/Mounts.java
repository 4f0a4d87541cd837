// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.nio.file.Path;

/** mount(2), for the file systems that the kernel makes up. */
public final class Mounts {
    private static final long NOSUID_NODEV_NOEXEC = 2 | 4 | 8;

    private Mounts() {}

    /** @param type such as {@code bpf} */
    public static int mount(String type, Path directory) {
        return Libc.check(Libc.mount(type, directory.toString(), type, NOSUID_NODEV_NOEXEC, null));
    }
}
