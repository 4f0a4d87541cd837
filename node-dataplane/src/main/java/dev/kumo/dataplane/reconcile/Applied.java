// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.stream.ItemRefusal;
import java.time.Duration;
import java.util.List;

/** What a manager's turn led to. */
public sealed interface Applied {
    /**
     * Everything that can be is in force.
     *
     * @param refusals items that can't be as things stand, so that another try is of no use; possibly none
     */
    record Done(List<ItemRefusal> refusals) implements Applied {
        public Done {
            refusals = List.copyOf(refusals);
        }
    }

    /** The slice was over first; the rest follows in the next one. */
    record More() implements Applied {}

    /**
     * All was tried and some failed; the loop comes back after a while.
     *
     * @param refusals items that aren't in force because of it, for the feed's acknowledgement; possibly none
     * @param message what failed, for logs and readiness
     */
    record Retry(List<ItemRefusal> refusals, String message) implements Applied {
        public Retry {
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * All was done that can be by now; the rest waits for somebody else's answer. The manager has its next turn when it is
     * woken, or after this time at the latest; changes that it was told of aren't complete before.
     */
    record Later(Duration within) implements Applied {}

    static Applied done() {
        return new Done(List.of());
    }

    static Applied done(List<ItemRefusal> refusals) {
        return new Done(refusals);
    }

    static Applied more() {
        return new More();
    }

    static Applied later(Duration within) {
        return new Later(within);
    }

    static Applied retry(List<ItemRefusal> refusals, String message) {
        return new Retry(refusals, message);
    }
}
