// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * One map of the datapath. What is written is in force when the call returns. Calls block for microseconds; platform threads
 * only, and for writes only the apply loop.
 */
public interface KernelMap<K, V> {
    /** The map's name in C. */
    String name();

    /** The most entries that it can hold. */
    int capacity();

    /** The value at exactly this key (in a longest-prefix map too: this prefix, not the best match). */
    Optional<V> lookup(K key);

    /**
     * Writes an entry, atomically against readers in the kernel.
     *
     * @throws BpfException with reason MAP_FULL if there is no room
     */
    void update(K key, V value);

    /** Removes an entry; false if there was none. */
    boolean delete(K key);

    /**
     * Visits the entries, in no order. Entries that come or go meanwhile may be missed or seen twice; deleting the one that is
     * being visited is safe.
     */
    void forEach(BiConsumer<? super K, ? super V> visitor);

    /** A part of the map whose other entries are somebody else's: they aren't visited. */
    default KernelMap<K, V> where(Predicate<? super K> own) {
        return new MapPart<>(this, own);
    }
}
