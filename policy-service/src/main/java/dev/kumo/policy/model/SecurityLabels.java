// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The labels that make up an identity, by source-qualified key ({@code k8s:app} → {@code curl}); sorted. Immutable; its text and hash are
 * computed once, since large clusters sort and look up by them.
 */
public final class SecurityLabels implements Comparable<SecurityLabels> {
    private final SortedMap<String, String> byKey;
    private final int hashCode;
    private @Nullable String text;

    public SecurityLabels(SortedMap<String, String> byKey) {
        this.byKey = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) byKey));
        this.hashCode = this.byKey.hashCode();
    }

    public SortedMap<String, String> byKey() {
        return byKey;
    }

    public static SecurityLabels of(Map<String, String> labels) {
        return new SecurityLabels(new TreeMap<>(labels));
    }

    /** The first eight bytes of SHA-256 over the canonical text, big-endian; equal on every replica. */
    public long hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public int compareTo(SecurityLabels other) {
        return toString().compareTo(other.toString());
    }

    /** Canonical: {@code key=value;} in the order of keys. Neither keys nor values can hold a semicolon. */
    @Override
    public String toString() {
        // Two threads may both compute it: to the same text.
        var known = text;
        if (known == null) {
            known = byKey.entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue() + ";")
                    .collect(Collectors.joining());
            text = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof SecurityLabels labels && hashCode == labels.hashCode && byKey.equals(labels.byKey);
    }

    @Override
    public int hashCode() {
        return hashCode;
    }
}
