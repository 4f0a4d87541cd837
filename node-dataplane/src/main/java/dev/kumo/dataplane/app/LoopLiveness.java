// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** The process lives as long as its apply loop takes things up. */
@Liveness
@ApplicationScoped
class LoopLiveness implements HealthCheck {
    /** Longer than any kernel call, also the verifier's work at start. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DataplaneApp app;

    LoopLiveness(DataplaneApp app) {
        this.app = app;
    }

    @Override
    public HealthCheckResponse call() {
        var loop = app.loop();
        var silence = loop.sinceLastBeat();
        return HealthCheckResponse.named("apply-loop")
                .withData("seconds_since_beat", silence.toSeconds())
                .status(loop.isRunning() && silence.compareTo(PATIENCE) < 0)
                .build();
    }
}
