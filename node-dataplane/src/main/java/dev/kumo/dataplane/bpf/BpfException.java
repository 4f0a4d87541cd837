// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.stream.Reason;

/** A refused kernel call: which operation on which object, and the kernel's error number. */
public final class BpfException extends RuntimeException {
    private static final int E2BIG = 7;
    private static final int ENOSPC = 28;
    private static final long serialVersionUID = 1;

    private final String operation;
    private final String object;
    private final int errno;

    /**
     * @param operation what was tried, such as {@code map_update}
     * @param object the map, program, file or device, with its key if that helps
     * @param errno the positive error number, 0 if the kernel was not the one who refused
     */
    public BpfException(String operation, String object, int errno) {
        this(operation, object, errno, "");
    }

    /** @param detail what else is known, such as the verifier's last words; may be empty */
    public BpfException(String operation, String object, int errno, String detail) {
        super(message(operation, object, errno, detail));
        this.operation = operation;
        this.object = object;
        this.errno = errno;
    }

    public String operation() {
        return operation;
    }

    public String object() {
        return object;
    }

    public int errno() {
        return errno;
    }

    /** MAP_FULL if the map has no room, else KERNEL_ERROR. */
    public Reason reason() {
        return errno == E2BIG || errno == ENOSPC ? Reason.MAP_FULL : Reason.KERNEL_ERROR;
    }

    private static String message(String operation, String object, int errno, String detail) {
        var text = new StringBuilder(operation).append(' ').append(object);
        if (errno != 0) {
            text.append(": ").append(Errno.name(errno));
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return text.toString();
    }
}
