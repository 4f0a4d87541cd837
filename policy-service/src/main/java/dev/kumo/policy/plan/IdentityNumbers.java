// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.SecurityLabels;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of identities: 256 + hash of the labels, linear probing over what is taken. Every replica that sees the same
 * objects proposes the same number, so it doesn't matter which of them creates the object.
 */
final class IdentityNumbers {
    static final int FIRST = 256;
    static final int LAST = 65_535;
    private static final int COUNT = LAST - FIRST + 1;

    private final Map<Integer, SecurityLabels> taken = new HashMap<>();
    private final Map<SecurityLabels, Integer> allocated = new HashMap<>();
    private final SortedMap<Integer, SecurityLabels> proposed = new TreeMap<>();

    IdentityNumbers(Collection<IdentityView> existing) {
        for (var identity : existing) {
            taken.put(identity.number(), identity.labels());
            // Two objects of the same labels can come of a race: the one that probing meets first counts.
            allocated.merge(
                    identity.labels(),
                    identity.number(),
                    (one, other) ->
                            distance(identity.labels(), one) <= distance(identity.labels(), other) ? one : other);
        }
    }

    /** The number that an object gives to these labels. */
    OptionalInt allocated(SecurityLabels labels) {
        var number = allocated.get(labels);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Whose number it is; null if nobody's. */
    @Nullable
    SecurityLabels owner(int number) {
        return taken.get(number);
    }

    /** Chooses a number for labels that have none. @return false if all are taken */
    boolean propose(SecurityLabels labels) {
        int start = home(labels);
        for (int step = 0; step < COUNT; step++) {
            int number = FIRST + (start + step) % COUNT;
            if (!taken.containsKey(number)) {
                taken.put(number, labels);
                proposed.put(number, labels);
                return true;
            }
        }
        return false;
    }

    /** What was proposed so far, by number. */
    SortedMap<Integer, SecurityLabels> proposed() {
        return Collections.unmodifiableSortedMap(proposed);
    }

    private static int home(SecurityLabels labels) {
        return (int) Long.remainderUnsigned(labels.hash(), COUNT);
    }

    private static int distance(SecurityLabels labels, int number) {
        return Math.floorMod(number - FIRST - home(labels), COUNT);
    }
}
