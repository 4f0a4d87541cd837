// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.ItemKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that a subscriber is to be told about, the longest waiting first. However slow the subscriber and however often
 * a key changes, it is in here once. Any thread.
 */
final class DirtyKeys {
    private final Set<ItemKey> keys = new LinkedHashSet<>();

    synchronized void add(Collection<ItemKey> more) {
        keys.addAll(more);
    }

    /** Takes them all. A snapshot that is read after this call is at least as new as what made any of them dirty. */
    synchronized List<ItemKey> drain() {
        var all = List.copyOf(keys);
        keys.clear();
        return all;
    }
}
