// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.nio.file.Path;

/** mount(2) and umount2(2), for the file systems that the kernel makes up. Both return a negative error number if refused. */
public final class Mounts {
    private static final long NOSUID_NODEV_NOEXEC = 2 | 4 | 8;
    private static final int MNT_DETACH = 2;

    private Mounts() {}

    /** @param type such as {@code bpf} */
    public static int mount(String type, Path directory) {
        return Libc.check(Libc.mount(type, directory.toString(), type, NOSUID_NODEV_NOEXEC, null));
    }

    /** Takes away the topmost mount at a directory; who has files of it open keeps them. */
    public static int unmount(Path directory) {
        return Libc.check(Libc.umount2(directory.toString(), MNT_DETACH));
    }
}
