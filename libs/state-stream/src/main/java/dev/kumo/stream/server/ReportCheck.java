// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.StateItem;
import java.util.Optional;

/** Judges each entry that a node reports. Any thread; must not block. */
@FunctionalInterface
public interface ReportCheck {
    /**
     * A node may speak only of itself: pods bound to it, addresses of its pod range, its own links.
     *
     * @param node the node that the caller's token belongs to
     * @return why the entry is not taken; empty if it is. A node sends a refused entry again after a while
     */
    Optional<ItemRefusal> check(String node, StateItem item);
}
