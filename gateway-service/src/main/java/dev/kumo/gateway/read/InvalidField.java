// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

/** A field that can't be served as it stands; the message names it and says why. */
final class InvalidField extends Exception {
    private static final long serialVersionUID = 1;

    InvalidField(String path, String why) {
        super(path + ": " + why);
    }

    /** The message; there always is one. */
    String text() {
        return String.valueOf(getMessage());
    }
}
