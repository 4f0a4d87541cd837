// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A piece of the apply loop's time: whoever holds it works until it is over, then lets more urgent work pass. */
public final class Slice {
    private final BooleanSupplier over;

    private Slice(BooleanSupplier over) {
        this.over = over;
    }

    public static Slice lasting(Duration duration) {
        var end = System.nanoTime() + duration.toNanos();
        return new Slice(() -> System.nanoTime() - end >= 0);
    }

    public static Slice unlimited() {
        return new Slice(() -> false);
    }

    /** Ends after so many questions: the same work is cut at the same places each time. */
    public static Slice ofSteps(int steps) {
        var left = new int[] {steps};
        return new Slice(() -> left[0]-- <= 0);
    }

    public boolean isOver() {
        return over.getAsBoolean();
    }
}
