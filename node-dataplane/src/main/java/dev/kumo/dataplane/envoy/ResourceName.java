// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.util.Comparator;

/** Names one resource; a name is unique within its type. */
public record ResourceName(ResourceType type, String name) implements Comparable<ResourceName> {
    private static final Comparator<ResourceName> ORDER =
            Comparator.comparing(ResourceName::type).thenComparing(ResourceName::name);

    public ResourceName {
        if (name.isEmpty() || name.equals("*")) {
            throw new IllegalArgumentException("not a name of a " + type + ": '" + name + "'");
        }
    }

    @Override
    public int compareTo(ResourceName other) {
        return ORDER.compare(this, other);
    }
}
