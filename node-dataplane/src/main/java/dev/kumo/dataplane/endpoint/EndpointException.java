// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.link.LinkException;
import dev.kumo.dataplane.state.StateFileException;
import dev.kumo.stream.Reason;

/** Why an endpoint could not be made, checked or removed. */
public final class EndpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    public EndpointException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    private EndpointException(Reason reason, Throwable cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        this.reason = reason;
    }

    /** What a layer below threw, with the reason that it gave. */
    static EndpointException of(Throwable cause) {
        return switch (cause) {
            case EndpointException e -> e;
            case LinkException e -> new EndpointException(e.reason(), e);
            case BpfException e -> new EndpointException(e.reason(), e);
            case StateFileException e -> new EndpointException(e.reason(), e);
            default -> new EndpointException(Reason.KERNEL_ERROR, cause);
        };
    }

    public Reason reason() {
        return reason;
    }
}
