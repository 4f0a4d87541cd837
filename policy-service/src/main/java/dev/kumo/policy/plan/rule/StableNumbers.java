// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Numbers of things that have a key: 1 + hash of the key, linear probing over what is taken. Replicas agree without talking
 * to each other.
 */
final class StableNumbers {
    /** Positive in Java, so that nobody has to think of signs. */
    private static final int COUNT = Integer.MAX_VALUE - 1;

    private static final int KEY_BYTES = 16;

    private StableNumbers() {}

    /** A short key for what a text describes. */
    static String key(String kind, String text) {
        return kind + " " + HexFormat.of().formatHex(digest(text), 0, KEY_BYTES);
    }

    static SortedMap<String, Integer> assign(Collection<String> keys) {
        var numbers = new TreeMap<String, Integer>();
        var taken = new HashSet<Integer>();
        for (var key : new TreeSet<>(keys)) {
            int offset =
                    (int) Long.remainderUnsigned(ByteBuffer.wrap(digest(key)).getLong(), COUNT);
            while (!taken.add(1 + offset)) {
                offset = (offset + 1) % COUNT;
            }
            numbers.put(key, 1 + offset);
        }
        return Collections.unmodifiableSortedMap(numbers);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
