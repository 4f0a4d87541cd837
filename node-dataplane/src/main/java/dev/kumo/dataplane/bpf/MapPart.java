// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The entries of a map that one owner has; another has the rest. */
record MapPart<K, V>(KernelMap<K, V> whole, Predicate<? super K> own) implements KernelMap<K, V> {
    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public int capacity() {
        return whole.capacity();
    }

    @Override
    public Optional<V> lookup(K key) {
        return own.test(key) ? whole.lookup(key) : Optional.empty();
    }

    @Override
    public void update(K key, V value) {
        whole.update(own(key), value);
    }

    @Override
    public boolean delete(K key) {
        return whole.delete(own(key));
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> visitor) {
        whole.forEach((key, value) -> {
            if (own.test(key)) {
                visitor.accept(key, value);
            }
        });
    }

    private K own(K key) {
        if (!own.test(key)) {
            throw new IllegalArgumentException(key + " of " + name() + " is somebody else's");
        }
        return key;
    }
}
