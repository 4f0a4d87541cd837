// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

/** As seen from the pod or the node, in the order of C's {@code enum direction}. */
public enum FlowDirection {
    INGRESS,
    EGRESS;

    private static final FlowDirection[] ALL = values();

    /** The direction's name, or its number if this version doesn't know it. */
    public static String nameOf(int number) {
        return number >= 0 && number < ALL.length ? ALL[number].name() : Integer.toString(number);
    }
}
