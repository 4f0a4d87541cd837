// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.stream.Reason;

/** A refused operation on a link, address, route, neighbour, namespace or kernel setting. */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** @param message operation, object and the kernel's words */
    public LinkException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public LinkException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** NETNS_GONE, INTERFACE_CONFLICT or KERNEL_ERROR. */
    public Reason reason() {
        return reason;
    }
}
