// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

/** Where the kernel half looks at packets, in the order of C's {@code enum hook}, which begins at 1. */
public enum Hook {
    FROM_POD,
    TO_POD,
    FROM_NETDEV,
    TO_NETDEV,
    FROM_OVERLAY,
    TO_OVERLAY,
    SOCKET;

    private static final Hook[] ALL = values();

    /** The hook's name, or its number if this version doesn't know it. */
    public static String nameOf(int number) {
        return number >= 1 && number <= ALL.length ? ALL[number - 1].name() : Integer.toString(number);
    }
}
