// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.util.Map;

/** Names of the error numbers that bpf(2) and rtnetlink answer with, Linux generic numbering (include/uapi/asm-generic/errno*.h). */
public final class Errno {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM"),
            Map.entry(2, "ENOENT"),
            Map.entry(3, "ESRCH"),
            Map.entry(7, "E2BIG"),
            Map.entry(9, "EBADF"),
            Map.entry(11, "EAGAIN"),
            Map.entry(12, "ENOMEM"),
            Map.entry(13, "EACCES"),
            Map.entry(14, "EFAULT"),
            Map.entry(16, "EBUSY"),
            Map.entry(17, "EEXIST"),
            Map.entry(19, "ENODEV"),
            Map.entry(20, "ENOTDIR"),
            Map.entry(22, "EINVAL"),
            Map.entry(28, "ENOSPC"),
            Map.entry(34, "ERANGE"),
            Map.entry(95, "EOPNOTSUPP"),
            Map.entry(111, "ECONNREFUSED"));

    private Errno() {}

    /** Such as {@code ENOSPC (28)}. */
    public static String name(int errno) {
        var name = NAMES.get(errno);
        return name == null ? "errno " + errno : name + " (" + errno + ")";
    }
}
