// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView;
import dev.kumo.gateway.model.ServiceView;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * All that a plan depends on, in any order.
 *
 * @param nodes each node's labels
 * @param claimed frontends that are a Gateway's or an Ingress's, with whose
 */
public record EnvoyConfigInputs(
        Collection<EnvoyConfigView> configs,
        Collection<ServiceView> services,
        Map<String, Map<String, String>> nodes,
        Map<FrontendKey, String> claimed) {
    /** Collections become lists: these are equal if they hold equal things in the same order. */
    public EnvoyConfigInputs {
        configs = List.copyOf(configs);
        services = List.copyOf(services);
        nodes = Map.copyOf(nodes);
        claimed = Map.copyOf(claimed);
    }
}
