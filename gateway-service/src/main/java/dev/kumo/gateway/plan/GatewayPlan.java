// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.TlsSecret;
import java.util.List;
import java.util.Map;

/**
 * What shall be; every list is ordered by name.
 *
 * @param gateways what is made of each, to be judged by what nodes say
 * @param certificates that the listeners name
 * @param services of Gateways whose name for it is free
 */
public record GatewayPlan(
        List<ClassStatus> classes,
        List<PlannedGateway> gateways,
        List<RouteStatus> routes,
        List<GatewayService> services,
        List<HttpListener> listeners,
        List<BackendCluster> clusters,
        List<TlsSecret.KeyPair> certificates) {

    /** @param confirmations what nodes say, by the name of the listener */
    public List<GatewayStatus> statuses(Map<String, Confirmation> confirmations) {
        return gateways.stream()
                .map(gateway -> new GatewayJudgement(gateway, confirmations).status())
                .toList();
    }
}
