// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.kube.TableSet;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once every table has synced and the feed's port is bound, whoever leads. */
@Readiness
@ApplicationScoped
public class FeedReadiness implements HealthCheck {
    private final TableSet tables;
    private final ControlService service;

    FeedReadiness(TableSet tables, ControlService service) {
        this.tables = tables;
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        var waiting = tables.waitingFor();
        return HealthCheckResponse.named("feed")
                .status(waiting.isEmpty() && service.serving())
                .withData("waitingForTables", String.join(", ", waiting))
                .withData("serving", service.serving())
                .build();
    }
}
