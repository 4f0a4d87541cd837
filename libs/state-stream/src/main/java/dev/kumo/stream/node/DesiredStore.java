// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a node holds of one feed, kept on disk so that a restarted dataplane knows its state without any control service.
 * Any thread; {@link #flush} blocks on the disk.
 */
public final class DesiredStore {
    private static final Logger LOG = Logger.getLogger(DesiredStore.class);

    private final StateFile file;
    private final Predicate<StateItem> sensitive;
    private final SortedMap<ItemKey, StateItem> items = new TreeMap<>();
    private final SortedMap<String, Long> resourceVersions = new TreeMap<>();
    private volatile @Nullable Reason problem;
    private boolean complete;
    private boolean dirty;

    private DesiredStore(Path file, Predicate<StateItem> sensitive) {
        this.file = new StateFile(file);
        this.sensitive = sensitive;
    }

    /**
     * Reads what an earlier run kept. A file that can't be read is put aside as {@code <file>.corrupt} and the store begins
     * empty; {@link #problem()} says so.
     *
     * @param sensitive entries that are held in memory only
     */
    public static DesiredStore open(Path file, Predicate<StateItem> sensitive) {
        var store = new DesiredStore(file, sensitive);
        store.load(file);
        return store;
    }

    private synchronized void load(Path path) {
        try {
            var batch = file.read();
            if (batch == null) {
                return;
            }
            var read = new TreeMap<ItemKey, StateItem>();
            for (var proto : batch.getUpsertsList()) {
                var item = StateItem.received(proto);
                read.put(item.key(), item);
            }
            items.putAll(read);
            resourceVersions.putAll(batch.getResourceVersionsMap());
            complete = batch.getInSync();
        } catch (IOException | IllegalArgumentException e) {
            problem = Reason.STATE_FILE_CORRUPT;
            LOG.errorf("%s: %s can't be read, the feed begins empty: %s", problem, path, e);
            try {
                file.putAside();
            } catch (IOException aside) {
                LOG.errorf("%s: %s can't be put aside: %s", problem, path, aside);
            }
        }
    }

    public synchronized SortedMap<ItemKey, StateItem> items() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(items));
    }

    public synchronized Optional<StateItem> item(ItemKey key) {
        return Optional.ofNullable(items.get(key));
    }

    public synchronized int size() {
        return items.size();
    }

    /** Per source the highest resourceVersion that has been applied. */
    public synchronized SortedMap<String, Long> resourceVersions() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(resourceVersions));
    }

    /**
     * Whether a replica has ever said that the node holds all of the feed, be it nothing: only then can what is here stand in
     * for a replica. After a restart false if there was anything sensitive, which the disk does not keep.
     */
    public synchronized boolean isComplete() {
        return complete;
    }

    /** STATE_FILE_CORRUPT after a start that found a broken file, STATE_FILE_UNWRITABLE until a write succeeds. */
    public Optional<Reason> problem() {
        return Optional.ofNullable(problem);
    }

    /** Takes a change that is in force. Equal content and versions leave nothing to write. */
    synchronized void commit(FeedChange change, Map<String, Long> versions) {
        for (var key : change.removes()) {
            dirty |= items.remove(key) != null;
        }
        for (var item : change.upserts()) {
            var before = items.put(item.key(), item);
            dirty |= before == null || before.hash() != item.hash();
        }
        versions.forEach((source, version) -> dirty |= !version.equals(resourceVersions.put(source, version)));
        dirty |= change.inSync() && !complete;
        complete |= change.inSync();
    }

    /** Writes what has changed since the last call; a failure is logged, kept as {@link #problem()} and tried again. */
    void flush() {
        synchronized (file) {
            write();
        }
    }

    private void write() {
        SortedMap<ItemKey, StateItem> kept;
        SortedMap<String, Long> versions;
        boolean whole;
        synchronized (this) {
            if (!dirty) {
                return;
            }
            dirty = false;
            kept = items();
            versions = resourceVersions();
            whole = complete;
        }
        try {
            var written = kept.values().stream().filter(sensitive.negate()).toList();
            file.write(written, versions, whole && written.size() == kept.size());
            problem = null;
        } catch (IOException e) {
            if (problem != Reason.STATE_FILE_UNWRITABLE) {
                LOG.errorf("%s: %s", Reason.STATE_FILE_UNWRITABLE, e);
            }
            problem = Reason.STATE_FILE_UNWRITABLE;
            synchronized (this) {
                dirty = true;
            }
        }
    }
}
