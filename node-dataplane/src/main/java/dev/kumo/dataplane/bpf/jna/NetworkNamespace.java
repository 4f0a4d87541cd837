// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.nio.file.Path;

/** setns(2) for network namespaces. It moves the calling thread alone, so the caller owns that thread. */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /** A descriptor of the namespace that a file stands for, to be closed; or the negative error number. */
    public static int open(Path file) {
        return Libc.check(Libc.open(file.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0));
    }

    /** Moves the calling thread; 0 or the negative error number. */
    public static int enter(int namespace) {
        return Libc.check(Libc.setns(namespace, CLONE_NEWNET));
    }

    public static void close(int namespace) {
        Libc.close(namespace);
    }
}
