// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.Errno;
import dev.kumo.stream.Reason;

/** A refused operation on a link, address, route, neighbour, namespace or kernel setting. */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final int errno;

    /** A refusal by ourselves. */
    public LinkException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        errno = 0;
    }

    /**
     * A refusal by the kernel.
     *
     * @param what operation and object
     * @param errno the positive error number
     * @param words the kernel's own, may be empty
     */
    public LinkException(String what, int errno, String words) {
        super(what + ": " + Errno.name(errno) + (words.isEmpty() ? "" : ": " + words));
        reason = Reason.KERNEL_ERROR;
        this.errno = errno;
    }

    /** The same refusal, known to mean something more precise. */
    LinkException(Reason reason, LinkException cause) {
        super(cause.getMessage(), cause);
        this.reason = reason;
        errno = cause.errno;
    }

    /** NETNS_GONE, INTERFACE_CONFLICT or KERNEL_ERROR. */
    public Reason reason() {
        return reason;
    }

    /** The kernel's error number, 0 if it was not the one who refused. */
    public int errno() {
        return errno;
    }
}
