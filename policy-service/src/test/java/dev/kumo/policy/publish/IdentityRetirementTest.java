// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentityRetirementTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final IdentityRetirement retirement = new IdentityRetirement(Duration.ofSeconds(30));

    @Test
    void retiresWhatWasUnusedAllTheTime() {
        assertThat(retirement.retired(Set.of(300, 301), START)).isEmpty();
        assertThat(retirement.nextCheck(START)).contains(Duration.ofSeconds(30));
        assertThat(retirement.retired(Set.of(300), START.plusSeconds(10))).isEmpty();

        assertThat(retirement.retired(Set.of(300, 301), START.plusSeconds(30))).containsExactly(300);
        assertThat(retirement.nextCheck(START.plusSeconds(30))).contains(Duration.ofSeconds(30));
    }

    @Test
    void whatIsUsedAgainIsServedAgain() {
        retirement.retired(Set.of(300), START);
        assertThat(retirement.retired(Set.of(300), START.plusSeconds(31))).containsExactly(300);

        assertThat(retirement.retired(Set.of(), START.plusSeconds(32))).isEmpty();
        assertThat(retirement.retired(Set.of(300), START.plusSeconds(33))).isEmpty();
    }
}
