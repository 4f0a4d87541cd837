// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import com.google.protobuf.MessageLite;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a source says at one moment; immutable, sorted.
 *
 * @param resourceVersions per Kubernetes resource (such as "pods") the highest resourceVersion that this state reflects
 */
public record StateSnapshot(SortedMap<ItemKey, StateItem> items, SortedMap<String, Long> resourceVersions) {
    private static final StateSnapshot EMPTY = new StateSnapshot(new TreeMap<>(), new TreeMap<>());

    public StateSnapshot {
        items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
        resourceVersions = Collections.unmodifiableSortedMap(new TreeMap<>(resourceVersions));
    }

    public static StateSnapshot empty() {
        return EMPTY;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects items; a key that comes twice is an error, since one of both would be lost. */
    public static final class Builder {
        private final SortedMap<ItemKey, StateItem> items = new TreeMap<>();
        private final SortedMap<String, Long> resourceVersions = new TreeMap<>();

        public Builder add(StateItem item) {
            if (items.put(item.key(), item) != null) {
                throw new IllegalArgumentException("twice: " + item.key());
            }
            return this;
        }

        public Builder add(String table, String key, MessageLite message) {
            return add(StateItem.of(table, key, message));
        }

        public Builder resourceVersion(String source, long version) {
            resourceVersions.merge(source, version, Math::max);
            return this;
        }

        public StateSnapshot build() {
            return new StateSnapshot(items, resourceVersions);
        }
    }
}
