// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import java.util.Comparator;

/**
 * Who asks for frontends: a Service, or a pod with host ports.
 *
 * @param name {@code namespace/name}
 */
public record Owner(Kind kind, String name) implements Comparable<Owner> {
    private static final Comparator<Owner> ORDER =
            Comparator.comparing(Owner::kind).thenComparing(Owner::name);

    /** In this order an address and port that two owners ask for is given away. */
    public enum Kind {
        SERVICE,
        POD
    }

    public static Owner service(String namespace, String name) {
        return new Owner(Kind.SERVICE, namespace + "/" + name);
    }

    public static Owner pod(String namespacedName) {
        return new Owner(Kind.POD, namespacedName);
    }

    @Override
    public int compareTo(Owner other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (kind == Kind.SERVICE ? "service " : "pod ") + name;
    }
}
