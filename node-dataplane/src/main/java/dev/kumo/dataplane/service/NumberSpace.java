// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives numbers to keys: upwards from 1, so that a number that became free is used again only after all others, when no
 * connection can name it any more. Not thread-safe.
 */
final class NumberSpace<K> {
    private final Map<K, Integer> numbers = new HashMap<>();
    private final Map<Integer, K> keys = new HashMap<>();
    private int next = 1;
    private boolean changed;

    /** The key's number, a new one if it has none. */
    int numberOf(K key) {
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        while (keys.containsKey(next)) {
            advance();
        }
        int number = next;
        bind(key, number);
        advance();
        return number;
    }

    Optional<Integer> existing(K key) {
        return Optional.ofNullable(numbers.get(key));
    }

    Optional<K> keyOf(int number) {
        return Optional.ofNullable(keys.get(number));
    }

    /** Frees the key's number. No change to tell of: a binding on disk that nothing uses is freed again after a restart. */
    void release(K key) {
        Integer number = numbers.remove(key);
        if (number != null) {
            keys.remove(number);
        }
    }

    /** Takes up a binding that was made before; nothing happens if the key or the number is bound. */
    void adopt(K key, int number) {
        if (number > 0 && !numbers.containsKey(key) && !keys.containsKey(number)) {
            bind(key, number);
        }
        startAbove(number);
    }

    /** No number up to this one is given before all above it. */
    void startAbove(int number) {
        if (number >= next && number < Integer.MAX_VALUE) {
            next = number + 1;
            changed = true;
        }
    }

    /** The number that is given next, unless it is bound. */
    int next() {
        return next;
    }

    void startAt(int number) {
        next = Math.max(1, number);
    }

    /** A live view. */
    Map<K, Integer> numbers() {
        return Collections.unmodifiableMap(numbers);
    }

    /** Whether a number was given since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    private void bind(K key, int number) {
        numbers.put(key, number);
        keys.put(number, key);
        changed = true;
    }

    private void advance() {
        next = next == Integer.MAX_VALUE ? 1 : next + 1;
    }
}
