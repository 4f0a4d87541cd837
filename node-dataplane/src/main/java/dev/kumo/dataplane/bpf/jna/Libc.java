// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** libc's calls that Java has no equivalent of. */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 0x80000;

    static {
        Native.register(Libc.class, "libc.so.6");
    }

    private Libc() {}

    static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native int setns(int fd, int type);

    static native int socket(int family, int type, int protocol);

    static native int bind(int fd, byte[] address, int length);

    static native int getsockopt(int fd, int level, int name, byte[] value, int[] length);

    static native int setsockopt(int fd, int level, int name, byte[] value, int length);

    static native long send(int fd, byte[] bytes, long length, int flags);

    static native long recv(int fd, byte[] bytes, long length, int flags);

    static native int mount(String source, String target, String type, long flags, @Nullable Pointer data);

    static native int umount2(String target, int flags);

    static native int if_nametoindex(String name);

    static native int prctl(int option, NativeLong a, NativeLong b, NativeLong c, NativeLong d);

    static native int vsnprintf(Pointer buffer, long size, Pointer format, Pointer arguments);

    /** The result, or the negative error number. */
    static int check(int result) {
        return result < 0 ? -Native.getLastError() : result;
    }
}
