// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.Comparator;

/** Names a Service; sorts by namespace, then name. */
public record ServiceRef(String namespace, String name) implements Comparable<ServiceRef> {
    private static final Comparator<ServiceRef> ORDER =
            Comparator.comparing(ServiceRef::namespace).thenComparing(ServiceRef::name);

    @Override
    public int compareTo(ServiceRef other) {
        return ORDER.compare(this, other);
    }

    /** The key of table {@code services}: {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
