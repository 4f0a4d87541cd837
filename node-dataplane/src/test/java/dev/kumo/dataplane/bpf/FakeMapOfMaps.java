// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A map of maps in memory; it calls its watcher before each change of an inner map that is in it, and of its own. */
public final class FakeMapOfMaps<K extends Comparable<K>, I, V> implements MapOfMaps<K, I, V> {
    private final String name;
    private final int innerCapacity;
    private final Map<K, FakeKernelMap<I, V>> maps = new TreeMap<>();
    private Runnable watcher = () -> {};
    private int puts;

    public FakeMapOfMaps(String name, int innerCapacity) {
        this.name = name;
        this.innerCapacity = innerCapacity;
    }

    /** Called after each change that is visible to the kernel's programs. */
    public void watch(Runnable to) {
        watcher = to;
    }

    /** What is at a key; empty if nothing is. */
    public Optional<FakeKernelMap<I, V>> at(K key) {
        return Optional.ofNullable(maps.get(key));
    }

    /** How many maps were put. */
    public int puts() {
        return puts;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int innerCapacity() {
        return innerCapacity;
    }

    @Override
    public InnerMap<I, V> create() {
        return new Inner(new FakeKernelMap<>(name + " inner", innerCapacity));
    }

    @Override
    public Optional<InnerMap<I, V>> open(K key) {
        return at(key).map(Inner::new);
    }

    @Override
    public void put(K key, InnerMap<I, V> inner) {
        puts++;
        maps.put(key, ((Inner) inner).map);
        watcher.run();
    }

    @Override
    public boolean delete(K key) {
        boolean was = maps.remove(key) != null;
        watcher.run();
        return was;
    }

    @Override
    public List<K> keys() {
        return List.copyOf(maps.keySet());
    }

    private final class Inner implements InnerMap<I, V> {
        private final FakeKernelMap<I, V> map;

        Inner(FakeKernelMap<I, V> map) {
            this.map = map;
        }

        @Override
        public String name() {
            return map.name();
        }

        @Override
        public int capacity() {
            return map.capacity();
        }

        @Override
        public Optional<V> lookup(I key) {
            return map.lookup(key);
        }

        @Override
        public void update(I key, V value) {
            map.update(key, value);
            tell();
        }

        @Override
        public boolean delete(I key) {
            boolean was = map.delete(key);
            tell();
            return was;
        }

        @Override
        public void forEach(BiConsumer<? super I, ? super V> visitor) {
            map.forEach(visitor);
        }

        @Override
        public void close() {}

        private void tell() {
            if (maps.containsValue(map)) {
                watcher.run();
            }
        }
    }
}
