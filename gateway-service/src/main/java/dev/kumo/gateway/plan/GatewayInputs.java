// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.ServiceView;
import java.util.Collection;
import java.util.Set;

/**
 * All that a plan depends on, in any order.
 *
 * @param served names of Envoy listeners that every node has confirmed
 */
public record GatewayInputs(
        Collection<GatewayClassView> classes,
        Collection<GatewayView> gateways,
        Collection<HttpRouteView> routes,
        Collection<ReferenceGrantView> grants,
        Collection<NamespaceView> namespaces,
        Collection<ServiceView> services,
        Set<String> served) {}
