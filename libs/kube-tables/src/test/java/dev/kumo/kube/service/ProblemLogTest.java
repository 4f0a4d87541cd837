// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemLogTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ProblemLog log = new ProblemLog(metrics);

    @Test
    void countsWhatStandsByReasonAndForgetsWhatIsSolved() {
        var one = new Problem("Service shop/web", "INVALID_ADDRESS", "address 'x'");
        var other = new Problem("Service shop/api", "INVALID_ADDRESS", "address 'y'");
        log.report(List.of(other, one, one));

        assertThat(log.standing()).containsExactly(other, one);
        assertThat(count()).isEqualTo(2);

        log.report(List.of(one));
        assertThat(count()).isEqualTo(1);
        log.report(List.of());
        assertThat(count()).isZero();
        assertThat(log.standing()).isEmpty();
    }

    private double count() {
        return metrics.get("kumo.problems")
                .tag("reason", "INVALID_ADDRESS")
                .gauge()
                .value();
    }
}
