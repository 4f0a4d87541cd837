// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unmodifiable copies that keep absent apart from empty. */
final class Immutable {
    private Immutable() {}

    static <T> @Nullable List<T> list(@Nullable List<T> values) {
        return values == null ? null : List.copyOf(values);
    }
}
