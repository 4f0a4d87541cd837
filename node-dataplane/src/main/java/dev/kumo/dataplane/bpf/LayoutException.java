// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

/** C and Java disagree on what lies in memory: a fault of the build, found when objects are opened. */
public final class LayoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LayoutException(String message) {
        super(message);
    }
}
