// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.memo;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a pure function for the inputs that it was asked with last: the same object as long as they are equal. Used by
 * one thread.
 */
public final class Latest<I, O> {
    private final Function<I, O> function;
    private @Nullable I inputs;
    private @Nullable O outcome;

    public Latest(Function<I, O> function) {
        this.function = function;
    }

    public O of(I next) {
        var known = outcome;
        if (known == null || !next.equals(inputs)) {
            known = function.apply(next);
            outcome = known;
        }
        // The present ones, which the next are more likely to be the same objects as.
        inputs = next;
        return known;
    }
}
