// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.model.TlsSecret;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * All that a plan depends on, in any order.
 *
 * @param secrets at least those that our Gateways name, as far as they exist
 * @param refused Services of ours that the API server doesn't take, and why
 */
public record GatewayInputs(
        Collection<GatewayClassView> classes,
        Collection<GatewayView> gateways,
        Collection<HttpRouteView> routes,
        Collection<ReferenceGrantView> grants,
        Collection<NamespaceView> namespaces,
        Collection<ServiceView> services,
        Collection<TlsSecret> secrets,
        Map<ObjectKey, String> refused) {
    /** Collections become lists: these are equal if they hold equal things in the same order. */
    public GatewayInputs {
        classes = List.copyOf(classes);
        gateways = List.copyOf(gateways);
        routes = List.copyOf(routes);
        grants = List.copyOf(grants);
        namespaces = List.copyOf(namespaces);
        services = List.copyOf(services);
        secrets = List.copyOf(secrets);
        refused = Map.copyOf(refused);
    }
}
