// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayDurationTest {
    @Test
    void partsAddUp() {
        assertThat(GatewayDuration.parse("1h30m10s500ms"))
                .contains(Duration.ofMinutes(90).plusSeconds(10).plusMillis(500));
        assertThat(GatewayDuration.parse("0s")).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "1d", "1.5s", "-1s", "100000s", "1s 2s"})
    void whatGep2257DoesNotHaveIsRefused(String text) {
        assertThat(GatewayDuration.parse(text)).isEmpty();
    }
}
