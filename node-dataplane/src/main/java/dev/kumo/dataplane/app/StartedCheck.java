// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** The process has started once its loop runs and its feeds are dialled; it may wait for the control plane for hours. */
@Startup
@ApplicationScoped
class StartedCheck implements HealthCheck {
    private final DataplaneApp app;

    StartedCheck(DataplaneApp app) {
        this.app = app;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("dataplane")
                .status(app.loop().isRunning())
                .build();
    }
}
