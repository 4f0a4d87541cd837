// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.state;

import dev.kumo.stream.Reason;
import java.nio.file.Path;

/** A state file that cannot be read or written. */
public final class StateFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    private StateFileException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static StateFileException corrupt(Path path, Throwable cause) {
        return new StateFileException(
                Reason.STATE_FILE_CORRUPT, path + " cannot be read: " + cause.getMessage(), cause);
    }

    static StateFileException unwritable(Path path, Throwable cause) {
        return new StateFileException(Reason.STATE_FILE_UNWRITABLE, path + " cannot be written: " + cause, cause);
    }

    /** STATE_FILE_CORRUPT or STATE_FILE_UNWRITABLE. */
    public Reason reason() {
        return reason;
    }
}
