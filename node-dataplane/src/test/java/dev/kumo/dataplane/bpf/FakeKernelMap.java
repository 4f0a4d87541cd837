// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * A kernel map in memory. It has a capacity like the real one, can be told to refuse, and calls its watcher before each
 * change takes effect, which is where tests assert that no referrer comes before its referent.
 */
public final class FakeKernelMap<K, V> implements KernelMap<K, V> {
    private static final int E2BIG = 7;

    private final String name;
    private final int capacity;
    private final Map<K, V> entries = new ConcurrentHashMap<>();
    private final Map<K, Integer> refusals = new ConcurrentHashMap<>();
    private BiConsumer<K, Optional<V>> watcher = (key, value) -> {};
    private int writes;

    public FakeKernelMap(String name) {
        this(name, Integer.MAX_VALUE);
    }

    public FakeKernelMap(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    /** Makes each change of this key fail with an errno until {@link #accept}. */
    public void refuse(K key, int errno) {
        refusals.put(key, errno);
    }

    public void accept(K key) {
        refusals.remove(key);
    }

    /** Called with the key and its new value, empty for a deletion, before each change. */
    public void watch(BiConsumer<K, Optional<V>> watcher) {
        this.watcher = watcher;
    }

    /** A copy, sorted by the keys' text. */
    public Map<String, V> contents() {
        var sorted = new TreeMap<String, V>();
        entries.forEach((key, value) -> sorted.put(key.toString(), value));
        return sorted;
    }

    /** Updates and deletions that were called for. */
    public int writes() {
        return writes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Optional<V> lookup(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void update(K key, V value) {
        writes++;
        refuseIfTold("map_update", key);
        if (!entries.containsKey(key) && entries.size() >= capacity) {
            throw new BpfException("map_update", name + " " + key, E2BIG);
        }
        watcher.accept(key, Optional.of(value));
        entries.put(key, value);
    }

    @Override
    public boolean delete(K key) {
        writes++;
        refuseIfTold("map_delete", key);
        watcher.accept(key, Optional.empty());
        return entries.remove(key) != null;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> visitor) {
        Map.copyOf(entries).forEach(visitor);
    }

    private void refuseIfTold(String operation, K key) {
        var errno = refusals.get(key);
        if (errno != null) {
            throw new BpfException(operation, name + " " + key, errno);
        }
    }
}
