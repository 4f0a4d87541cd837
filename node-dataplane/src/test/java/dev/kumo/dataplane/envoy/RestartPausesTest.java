// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartPausesTest {
    @Test
    void shortRunsAreFollowedByEverLongerPausesAndALongOneByTheFirst() {
        var pauses = new RestartPauses();
        assertThat(Stream.generate(() -> pauses.after(Duration.ofSeconds(2)))
                        .limit(10)
                        .map(Duration::toMillis))
                .containsExactly(200L, 400L, 800L, 1600L, 3200L, 6400L, 12_800L, 25_600L, 30_000L, 30_000L);
        assertThat(pauses.after(Duration.ofMinutes(1))).isEqualTo(RestartPauses.FIRST);
    }
}
