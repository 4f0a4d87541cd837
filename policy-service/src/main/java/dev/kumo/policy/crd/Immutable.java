// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Unmodifiable copies that keep absent apart from empty: in a rule the two mean different things. */
final class Immutable {
    private Immutable() {}

    static <T> @Nullable List<T> list(@Nullable List<T> values) {
        return values == null ? null : List.copyOf(values);
    }

    static <V> @Nullable Map<String, V> map(@Nullable Map<String, V> values) {
        return values == null ? null : Collections.unmodifiableMap(new TreeMap<>(values));
    }
}
