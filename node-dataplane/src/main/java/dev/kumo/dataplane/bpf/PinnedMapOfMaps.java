// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A map of maps by its descriptor. The kernel takes descriptors as values and answers with numbers of maps. */
final class PinnedMapOfMaps<K, I, V> implements MapOfMaps<K, I, V> {
    private static final int ENOENT = 2;
    private static final int VALUE = 4;
    /** The kernel cuts names at 15 characters. */
    private static final String INNER_NAME = "kumo_inner";

    private final MapDeclaration declaration;
    private final MapDeclaration inner;
    private final int fd;
    private final StructCodec<K> keys;
    private final Class<I> innerKey;
    private final Class<V> innerValue;

    PinnedMapOfMaps(MapDeclaration declaration, int fd, Class<K> key, Class<I> innerKey, Class<V> innerValue) {
        this.declaration = declaration;
        this.inner = declaration.innerDeclaration();
        this.fd = fd;
        this.innerKey = innerKey;
        this.innerValue = innerValue;
        keys = declaration.keyCodec(key);
        // Java and C are compared when the datapath is opened, not when the first map is made.
        inner.keyCodec(innerKey);
        inner.valueCodec(innerValue);
    }

    @Override
    public String name() {
        return declaration.name();
    }

    @Override
    public int capacity() {
        return declaration.maxEntries();
    }

    @Override
    public int innerCapacity() {
        return inner.maxEntries();
    }

    @Override
    public InnerMap<I, V> create() {
        var shape = inner.shape();
        int created = BpfSyscall.createMap(
                shape.type(), INNER_NAME, shape.keySize(), shape.valueSize(), shape.maxEntries(), shape.flags());
        if (created < 0) {
            throw new BpfException("map_create", inner.name(), -created);
        }
        return new Inner<>(created, new PinnedMap<>(inner, created, innerKey, innerValue));
    }

    @Override
    public Optional<InnerMap<I, V>> open(K key) {
        var value = new byte[VALUE];
        int result = BpfSyscall.lookup(fd, keys.encode(key), value);
        if (result == -ENOENT) {
            return Optional.empty();
        }
        if (result < 0) {
            throw failure("map_lookup", key, result);
        }
        int opened = BpfSyscall.openMap(number(value));
        if (opened < 0) {
            throw failure("map_open", key, opened);
        }
        return Optional.of(new Inner<>(opened, new PinnedMap<>(inner, opened, innerKey, innerValue)));
    }

    @Override
    public void put(K key, InnerMap<I, V> map) {
        if (!(map instanceof Inner<I, V> own)) {
            throw new IllegalArgumentException("not a map of " + name() + ": " + map);
        }
        var value = ByteBuffer.allocate(VALUE)
                .order(ByteOrder.nativeOrder())
                .putInt(own.fd())
                .array();
        int result = BpfSyscall.update(fd, keys.encode(key), value);
        if (result < 0) {
            throw failure("map_update", key, result);
        }
    }

    @Override
    public boolean delete(K key) {
        int result = BpfSyscall.delete(fd, keys.encode(key));
        if (result < 0 && result != -ENOENT) {
            throw failure("map_delete", key, result);
        }
        return result == 0;
    }

    @Override
    public List<K> keys() {
        return MapKeys.of(fd, keys.size(), declaration).stream()
                .map(keys::decode)
                .toList();
    }

    private BpfException failure(String operation, K key, int result) {
        return new BpfException(operation, name() + " " + key, -result);
    }

    private static int number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    /** An inner map and the descriptor that keeps it. */
    private record Inner<I, V>(int fd, PinnedMap<I, V> map) implements InnerMap<I, V> {
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
        }

        @Override
        public boolean delete(I key) {
            return map.delete(key);
        }

        @Override
        public void forEach(BiConsumer<? super I, ? super V> visitor) {
            map.forEach(visitor);
        }

        @Override
        public void close() {
            BpfSyscall.close(fd);
        }
    }
}
