// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps: of each object its view and a blank with the metadata by which the informer compares. Written by
 * the informer's threads, read by any.
 */
final class ViewStore<R extends HasMetadata, V> implements ItemStore<R> {
    private final TableSource<R, V> source;
    private final KubernetesSerialization serialization;
    private final Runnable changed;
    private final Map<String, R> blanks = new ConcurrentHashMap<>();
    private final SortedMap<String, V> views = new TreeMap<>();
    private final SortedMap<String, String> problems = new TreeMap<>();

    ViewStore(TableSource<R, V> source, KubernetesSerialization serialization, Runnable changed) {
        this.source = source;
        this.serialization = serialization;
        this.changed = changed;
    }

    synchronized SortedMap<String, V> views() {
        return new TreeMap<>(views);
    }

    synchronized @Nullable V view(String key) {
        return views.get(key);
    }

    synchronized SortedMap<String, String> problems() {
        return new TreeMap<>(problems);
    }

    @Override
    public String getKey(R resource) {
        return Cache.metaNamespaceKeyFunc(resource);
    }

    @Override
    public @Nullable R put(String key, R resource) {
        keep(key, resource);
        return blanks.put(key, blankOf(resource));
    }

    @Override
    public @Nullable R remove(String key) {
        boolean gone;
        synchronized (this) {
            gone = views.remove(key) != null | problems.remove(key) != null;
        }
        if (gone) {
            changed.run();
        }
        return blanks.remove(key);
    }

    /** The API is not installed: nothing of it exists. */
    void clear() {
        blanks.keySet().forEach(this::remove);
    }

    @Override
    public Stream<String> keySet() {
        return blanks.keySet().stream();
    }

    @Override
    public Stream<R> values() {
        return blanks.values().stream();
    }

    @Override
    public int size() {
        return blanks.size();
    }

    @Override
    public @Nullable R get(String key) {
        return blanks.get(key);
    }

    private void keep(String key, R resource) {
        @Nullable V view = null;
        @Nullable String problem = null;
        try {
            view = source.view().of(resource, serialization);
        } catch (RuntimeException e) {
            problem = rootMessage(e);
        }
        boolean differs;
        synchronized (this) {
            differs = !Objects.equals(put(views, key, view), view)
                    | !Objects.equals(put(problems, key, problem), problem);
        }
        if (differs) {
            changed.run();
        }
    }

    private static <T> @Nullable T put(SortedMap<String, T> map, String key, @Nullable T value) {
        return value == null ? map.remove(key) : map.put(key, value);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    private R blankOf(R resource) {
        var metadata = resource.getMetadata();
        R blank = source.blank().get();
        blank.setMetadata(new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .build());
        return blank;
    }
}
