// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A map by its descriptor. Threads share nothing but the descriptor. */
final class PinnedMap<K, V> implements KernelMap<K, V> {
    private static final int ENOENT = 2;

    private final MapDeclaration declaration;
    private final int fd;
    private final StructCodec<K> keys;
    private final StructCodec<V> values;

    PinnedMap(MapDeclaration declaration, int fd, Class<K> key, Class<V> value) {
        this.declaration = declaration;
        this.fd = fd;
        keys = declaration.keyCodec(key);
        values = declaration.valueCodec(value);
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
    public Optional<V> lookup(K key) {
        return Optional.ofNullable(read(key, keys.encode(key)));
    }

    @Override
    public void update(K key, V value) {
        int result = BpfSyscall.update(fd, keys.encode(key), values.encode(value));
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
    public void forEach(BiConsumer<? super K, ? super V> visitor) {
        for (var key : MapKeys.of(fd, keys.size(), declaration)) {
            var decoded = keys.decode(key);
            var value = read(decoded, key);
            if (value != null) {
                visitor.accept(decoded, value);
            }
        }
    }

    private @Nullable V read(K key, byte[] keyBytes) {
        var value = new byte[values.size()];
        int result = BpfSyscall.lookup(fd, keyBytes, value);
        if (result == -ENOENT) {
            return null;
        }
        if (result < 0) {
            throw failure("map_lookup", key, result);
        }
        return values.decode(value);
    }

    private BpfException failure(String operation, K key, int result) {
        return new BpfException(operation, name() + " " + key, -result);
    }
}
