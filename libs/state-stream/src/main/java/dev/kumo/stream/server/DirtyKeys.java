// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.ItemKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a subscriber is to be told about, the longest waiting first. However slow the subscriber and however often
 * a key changes, it is in here once. Any thread.
 */
final class DirtyKeys {
    private final Set<ItemKey> keys = new LinkedHashSet<>();

    synchronized void add(Collection<ItemKey> more) {
        keys.addAll(more);
    }

    synchronized @Nullable ItemKey poll() {
        var first = keys.iterator();
        if (!first.hasNext()) {
            return null;
        }
        var key = first.next();
        first.remove();
        return key;
    }

    synchronized boolean isEmpty() {
        return keys.isEmpty();
    }
}
