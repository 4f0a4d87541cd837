// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.util.Collection;
import java.util.Set;

/** The nodes that an item is sent to: all, or those named. A change outside a node's span sends nothing to it. */
public record Audience(Set<String> nodes) {
    private static final Audience EVERY_NODE = new Audience(Set.of());

    public Audience {
        nodes = Set.copyOf(nodes);
    }

    public static Audience everyNode() {
        return EVERY_NODE;
    }

    /** @throws IllegalArgumentException without a node: an item for nobody is not published */
    public static Audience of(Collection<String> nodes) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("an item for nobody is not published");
        }
        return new Audience(Set.copyOf(nodes));
    }

    public boolean includes(String node) {
        return nodes.isEmpty() || nodes.contains(node);
    }
}
