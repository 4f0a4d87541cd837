// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** setns(2) for network namespaces. It moves the calling thread alone, so the caller owns that thread. */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_NETNS_COOKIE = 71;

    private NetworkNamespace() {}

    /** The kernel's number of the calling thread's namespace (socket(7), SO_NETNS_COOKIE). */
    public static long cookie() {
        int socket = Libc.check(Libc.socket(AF_INET, SOCK_DGRAM | Libc.O_CLOEXEC, 0));
        if (socket < 0) {
            throw new IllegalStateException("no socket to ask for the namespace's number: error " + -socket);
        }
        try {
            var value = new byte[Long.BYTES];
            int error =
                    Libc.check(Libc.getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, value, new int[] {value.length}));
            if (error != 0) {
                throw new IllegalStateException("the namespace's number can't be had: error " + -error);
            }
            return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
        } finally {
            Libc.close(socket);
        }
    }

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
