// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.util.List;
import java.util.Optional;

/**
 * A map of the datapath whose values are maps, all of one shape. What is put is in force when the call returns; putting waits
 * for readers of what was there before (some milliseconds). Platform threads only, and for changes only the apply loop.
 *
 * @param <K> key of the outer map
 * @param <I> key of the inner maps
 * @param <V> value of the inner maps
 */
public interface MapOfMaps<K, I, V> {
    /** The map's name in C. */
    String name();

    /** The most maps that it can hold. */
    int capacity();

    /** The most entries that one of its maps can hold. */
    int innerCapacity();

    /** A new empty map, gone when it is closed before it was put anywhere. */
    InnerMap<I, V> create();

    /** The map at a key, to be closed by the caller. */
    Optional<InnerMap<I, V>> open(K key);

    /**
     * Puts a map at a key, atomically in place of another one.
     *
     * @throws BpfException with reason MAP_FULL if there is no room
     */
    void put(K key, InnerMap<I, V> inner);

    /** Removes what is at a key; false if there was nothing. */
    boolean delete(K key);

    /** In no order. */
    List<K> keys();
}
