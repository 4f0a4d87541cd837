// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** What a command could not do, in words for the person who typed it. */
final class Failure extends Exception {
    static final int EXIT_CODE = 1;
    private static final long serialVersionUID = 1;

    Failure(String message) {
        super(message);
    }

    /** One line; the innermost cause says what went wrong, the outermost what was tried. */
    static String describe(Throwable thrown) {
        if (thrown instanceof KubernetesClientException e && e.getStatus() != null) {
            return "the API server refused: " + e.getStatus().getMessage();
        }
        String message = text(thrown);
        return thrown.getCause() == null ? message : message + ": " + rootOf(thrown);
    }

    /** What the innermost cause says. */
    static String rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return text(root);
    }

    private static String text(Throwable thrown) {
        return Optional.ofNullable(thrown.getMessage()).orElse(thrown.getClass().getSimpleName());
    }
}
