// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import org.jspecify.annotations.Nullable;

/** A removal that ended early; the message says at which step and why. */
final class CleanupException extends Exception {
    private static final long serialVersionUID = 1;

    CleanupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
