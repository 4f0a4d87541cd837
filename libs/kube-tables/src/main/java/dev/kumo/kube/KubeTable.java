// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Watchable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One kind of objects as a sorted, immutable table of views, kept current by list and watch. Any thread.
 *
 * <p>An API that isn't installed is an empty, synced table; the list is tried again with back-off and the table is taken
 * up when the API appears. One object that cannot be read is a {@linkplain #problems() problem}, nothing else.
 */
public final class KubeTable<V> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KubeTable.class);
    private static final int NOT_FOUND = 404;
    /** What two watches tell comes within a moment of each other. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<Watching<?>> watch;
    private final Runnable changed;
    private final Object rowsLock = new Object();
    private volatile @Nullable Watching<?> current;
    private volatile @Nullable Watching<?> successor;
    private SortedMap<String, V> rows = Collections.emptySortedMap();
    private volatile boolean stale = true;
    /** As {@link #recheck} found it last; that thread's alone. */
    private long checkedVersion;

    <R extends HasMetadata> KubeTable(KubernetesClient client, TableSource<R, V> source, Runnable changed) {
        this.name = source.name();
        this.changed = changed;
        this.watch = () -> new Watching<>(client, source);
    }

    public String name() {
        return name;
    }

    /** By {@code namespace/name}, or by name for what has no namespace; immutable. Empty until synced. */
    public SortedMap<String, V> rows() {
        synchronized (rowsLock) {
            var watching = current;
            if (watching != null && stale) {
                stale = false;
                rows = Collections.unmodifiableSortedMap(watching.store.views());
            }
            return rows;
        }
    }

    /** One row as it is now; null if there is none. Does not copy the table. */
    public @Nullable V row(String key) {
        var watching = current;
        return watching == null ? null : watching.store.view(key);
    }

    /** What could not be read, with the reason; keys as in {@link #rows()}. */
    public SortedMap<String, String> problems() {
        var watching = current;
        return watching == null ? new TreeMap<>() : watching.store.problems();
    }

    /** Whether all objects have been listed once, or the API isn't installed. */
    public boolean synced() {
        var watching = current;
        return watching != null && watching.synced();
    }

    /** Whether the API server has the type: it has listed its objects, and not refused to since. */
    public boolean installed() {
        var watching = current;
        return watching != null && watching.listed && !watching.absent;
    }

    /**
     * The highest resourceVersion that the table has seen in objects, lists and bookmarks; 0 before the first list. Read it
     * before {@link #rows()}: what the rows then reflect is at least that.
     */
    public long resourceVersion() {
        var watching = current;
        return watching == null ? 0 : watching.resourceVersion();
    }

    /**
     * Lists anew beside the present watch, which serves until the new list is complete.
     *
     * @return false if a list is under way already, which may have begun before the call
     */
    public synchronized boolean relist() {
        if (current == null || successor != null) {
            return false;
        }
        LOG.infof("table %s is listed anew", name);
        var next = watch.get();
        successor = next;
        next.start();
        return true;
    }

    /**
     * Looks whether the watch still tells what happens: its connection may stand and bring nothing, not even bookmarks. Where nothing
     * has come since the last look, the server is asked on a second watch whether there is more, and the table is listed anew if so.
     * Blocks for seconds; one thread alone.
     */
    void recheck() throws InterruptedException {
        var watching = current;
        long version = resourceVersion();
        if (watching == null || !watching.listed || watching.absent || version != checkedVersion) {
            checkedVersion = version;
            return;
        }
        long newest = watching.newestSince(version);
        if (newest > version) {
            Thread.sleep(GRACE);
            if (watching == current && watching.resourceVersion() == version && relist()) {
                LOG.warnf("table %s: its watch was silent at resourceVersion %d, the server is further", name, version);
            }
        }
    }

    /** Whether a list that {@link #relist} began is not yet complete. */
    public boolean relisting() {
        return successor != null;
    }

    synchronized void start() {
        if (current == null) {
            var first = watch.get();
            current = first;
            first.start();
        }
    }

    @Override
    public synchronized void close() {
        Stream.of(current, successor).filter(Objects::nonNull).forEach(Watching::stop);
    }

    private void rowsChanged() {
        stale = true;
        changed.run();
    }

    private synchronized void listed(Watching<?> watching) {
        var before = current;
        if (watching == successor) {
            current = watching;
            stale = true; // Before relisting() says no: whoever waits for that reads the new rows.
            successor = null;
            if (before != null) {
                before.stop();
            }
        }
        rowsChanged();
    }

    /** One informer with its store. */
    private final class Watching<R extends HasMetadata> {
        final ViewStore<R, V> store;
        final SharedIndexInformer<R> informer;
        private final Supplier<Watchable<R>> objects;
        private volatile boolean listed;
        private volatile boolean absent;

        Watching(KubernetesClient client, TableSource<R, V> source) {
            this.objects = () -> source.watchable(client);
            this.store = new ViewStore<>(source, client.getKubernetesSerialization(), KubeTable.this::rowsChanged);
            this.informer = source.objects()
                    .apply(client)
                    .runnableInformer(0)
                    .removeNamespaceIndex()
                    .itemStore(store)
                    .exceptionHandler((_, failure) -> failed(failure));
        }

        void start() {
            var _ = informer.start().thenRun(() -> {
                listed = true;
                absent = false;
                listed(this);
            });
        }

        void stop() {
            informer.stop();
        }

        boolean synced() {
            return listed || absent;
        }

        /** As {@link Replay#newestSince}; what fails is the standing watch's to tell. */
        long newestSince(long version) throws InterruptedException {
            try {
                return new Replay<R>().newestSince(version, objects.get());
            } catch (KubernetesClientException e) {
                LOG.debugf("table %s: %s", name, e.getMessage());
                return version;
            }
        }

        long resourceVersion() {
            String version = informer.lastSyncResourceVersion();
            return version == null || version.isEmpty() ? 0 : Long.parseLong(version);
        }

        /** Always tried again, with the informer's back-off. */
        private boolean failed(Throwable failure) {
            if (isNotInstalled(failure)) {
                if (!absent || store.size() > 0) {
                    LOG.infof("table %s: its API isn't installed; empty until it is", name);
                    absent = true;
                    store.clear();
                    listed(this);
                }
            } else {
                LOG.warnf("table %s: %s; tried again", name, failure.getMessage());
            }
            return true;
        }

        private boolean isNotInstalled(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof KubernetesClientException e && e.getCode() == NOT_FOUND) {
                    return true;
                }
            }
            return false;
        }
    }
}
