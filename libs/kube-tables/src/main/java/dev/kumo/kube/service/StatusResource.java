// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Tells the service's state to people and to {@code kumo status}. */
@Path("/status")
@Produces(MediaType.APPLICATION_JSON)
public class StatusResource {
    private final ControlService service;
    private final BuildInfo build;

    StatusResource(ControlService service, BuildInfo build) {
        this.service = service;
        this.build = build;
    }

    @GET
    public ServiceStatus status() {
        return service.status(new ServiceStatus.Build(build.version(), build.commit(), build.runtime()));
    }
}
