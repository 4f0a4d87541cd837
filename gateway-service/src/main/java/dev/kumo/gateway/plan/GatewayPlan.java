// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import java.util.List;

/** What shall be; every list is ordered by name. */
public record GatewayPlan(
        List<ClassStatus> classes,
        List<GatewayStatus> gateways,
        List<RouteStatus> routes,
        List<GatewayService> services,
        List<HttpListener> listeners,
        List<BackendCluster> clusters) {}
