// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnvoyPatienceTest {
    private final EnvoyPatience patience = new EnvoyPatience();
    private final Instant start = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aMomentWithoutIsNoAbsence() {
        assertThat(patience.isReady("w1", true, start)).isTrue();
        assertThat(patience.isReady("w1", false, start.plusSeconds(2))).isTrue();
        assertThat(patience.nextEnd(Set.of("w1"), start.plusSeconds(2)))
                .hasValueSatisfying(left -> assertThat(left.toSeconds()).isEqualTo(1));
        assertThat(patience.isReady("w1", false, start.plusSeconds(3))).isFalse();
        assertThat(patience.nextEnd(Set.of("w1"), start.plusSeconds(3))).isEmpty();
    }

    @Test
    void oneThatNeverWasReadyIsNot() {
        assertThat(patience.isReady("w2", false, start)).isFalse();
        assertThat(patience.nextEnd(Set.of("w2"), start)).isEmpty();
    }
}
