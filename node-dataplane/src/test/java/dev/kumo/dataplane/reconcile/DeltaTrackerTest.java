// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTrackerTest {
    /** The model: two plain maps that are compared as a whole after every step. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void saysWhatTwoPlainMapsWouldSayAfterAnySequenceOfChanges(long seed) {
        var random = new Random(seed);
        var tracker = new DeltaTracker<Integer, Integer>();
        var desired = new HashMap<Integer, Integer>();
        var kernel = new HashMap<Integer, Integer>();
        for (var step = 0; step < 5_000; step++) {
            int key = random.nextInt(12);
            int value = random.nextInt(3);
            switch (random.nextInt(40)) {
                case 0 -> {
                    tracker.forgetKernel();
                    kernel.clear();
                }
                case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> {
                    tracker.setDesired(key, value);
                    desired.put(key, value);
                }
                case 13, 14, 15, 16, 17, 18, 19, 20, 21 -> {
                    tracker.removeDesired(key);
                    desired.remove(key);
                }
                case 22, 23, 24, 25, 26, 27, 28, 29, 30, 31 -> {
                    tracker.setKernel(key, value);
                    kernel.put(key, value);
                }
                default -> {
                    tracker.removeKernel(key);
                    kernel.remove(key);
                }
            }
            assertThat(tracker.desired()).isEqualTo(desired);
            assertThat(tracker.kernel()).isEqualTo(kernel);
            assertThat(tracker.pendingUpdates()).isEqualTo(updatesOf(desired, kernel));
            assertThat(tracker.pendingDeletes()).isEqualTo(deletesOf(desired, kernel));
            assertThat(tracker.isEqual()).isEqualTo(desired.equals(kernel));
        }
    }

    @Test
    void keepsTheOrderInWhichDifferencesArose() {
        var tracker = new DeltaTracker<String, Integer>();
        for (var key : new String[] {"c", "a", "b"}) {
            tracker.setDesired(key, 1);
        }
        assertThat(tracker.pendingUpdates()).containsExactly("c", "a", "b");
    }

    private static Set<Integer> updatesOf(Map<Integer, Integer> desired, Map<Integer, Integer> kernel) {
        var keys = new HashSet<Integer>();
        desired.forEach((key, value) -> {
            if (!value.equals(kernel.get(key))) {
                keys.add(key);
            }
        });
        return keys;
    }

    private static Set<Integer> deletesOf(Map<Integer, Integer> desired, Map<Integer, Integer> kernel) {
        var keys = new HashSet<>(kernel.keySet());
        keys.removeAll(desired.keySet());
        return keys;
    }
}
