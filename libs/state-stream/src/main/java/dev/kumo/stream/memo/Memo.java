// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.memo;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Outcomes of a pure function by key, made anew only where what they are made from has changed. What a round doesn't ask for is
 * forgotten when the round ends. Used by one thread.
 *
 * @param <K> names an outcome; two that share a key push each other out, which costs time and nothing else
 * @param <S> all that an outcome depends on, compared by {@code equals}
 */
public final class Memo<K, S, V> {
    private record Kept<S, V>(S source, V value) {}

    private Map<K, Kept<S, V>> kept = new HashMap<>();
    private Map<K, Kept<S, V>> asked = new HashMap<>();
    private long made;

    /** @param function of the source alone */
    public V of(K key, S source, Function<? super S, ? extends V> function) {
        var before = asked.containsKey(key) ? asked.get(key) : kept.get(key);
        if (before == null || !before.source().equals(source)) {
            before = new Kept<>(source, function.apply(source));
            made++;
        }
        // With the present source, which the next round's is more likely to be the same object as.
        asked.put(key, new Kept<>(source, before.value()));
        return before.value();
    }

    /** Ends a round. */
    public void endRound() {
        kept = asked;
        asked = new HashMap<>();
    }

    /** How many outcomes have been made so far, rather than found. */
    public long made() {
        return made;
    }
}
