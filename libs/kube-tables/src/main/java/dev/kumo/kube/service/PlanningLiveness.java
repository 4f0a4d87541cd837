// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.kube.TableSet;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while the thread that plans is: without it nothing new is ever served. The API server's absence is no death. */
@Liveness
@ApplicationScoped
public class PlanningLiveness implements HealthCheck {
    private final TableSet tables;

    PlanningLiveness(TableSet tables) {
        this.tables = tables;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("planning").status(tables.alive()).build();
    }
}
