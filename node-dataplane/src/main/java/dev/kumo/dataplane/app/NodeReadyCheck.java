// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready as the node says of itself, with the reason when it isn't. */
@Readiness
@ApplicationScoped
class NodeReadyCheck implements HealthCheck {
    private final DataplaneApp app;

    NodeReadyCheck(DataplaneApp app) {
        this.app = app;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("node");
        app.readiness()
                .problem()
                .ifPresent(problem ->
                        response.withData("reason", problem.reason().name()).withData("message", problem.message()));
        return response.status(app.readiness().problem().isEmpty()).build();
    }
}
