// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import dev.kumo.dataplane.endpoint.EndpointException;
import dev.kumo.stream.Reason;

/** A refusal as the specification's error object tells it. */
final class CniException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Well-known codes of section 5; from 100 on they are the plugin's own. */
    static final int INCOMPATIBLE_VERSION = 1;

    static final int UNSUPPORTED_FIELD = 2;
    static final int CONTAINER_UNKNOWN = 3;
    static final int INVALID_ENVIRONMENT = 4;
    static final int DECODING_FAILURE = 6;
    static final int INVALID_CONFIG = 7;
    static final int TRY_AGAIN_LATER = 11;
    static final int NOT_AVAILABLE = 50;
    static final int LIMITED_CONNECTIVITY = 51;
    static final int KERNEL_ERROR = 100;
    static final int INTERFACE_CONFLICT = 101;

    private final int code;
    private final String details;

    CniException(int code, String message, String details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    static CniException of(EndpointException e) {
        return new CniException(codeOf(e.reason()), e.reason().name(), String.valueOf(e.getMessage()));
    }

    /** Also the plugin's exit status. */
    int code() {
        return code;
    }

    String details() {
        return details;
    }

    private static int codeOf(Reason reason) {
        return switch (reason) {
            // Code 3 also says that the runtime has nothing to clean up: a failed ADD has left nothing.
            case NETNS_GONE -> CONTAINER_UNKNOWN;
            case UNKNOWN_POD -> CONTAINER_UNKNOWN;
            case INTERFACE_CONFLICT -> INTERFACE_CONFLICT;
            case KERNEL_ERROR -> KERNEL_ERROR;
            default -> TRY_AGAIN_LATER;
        };
    }
}
