// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * One configuration.
 *
 * @param nodes that it is for; absent means every node
 * @param redirects frontend to listener
 * @param endpoints cluster to the Service port whose endpoints it has, {@code namespace/service:port}; empty is none
 * @param unresolved what it names that isn't there, isn't unique, or is another's; the rest of it is in force
 */
public record PlannedEnvoyConfig(
        EnvoyConfigView view,
        Optional<SortedSet<String>> nodes,
        SortedMap<FrontendKey, String> redirects,
        SortedMap<String, String> endpoints,
        List<EnvoyConfigFault> unresolved) {

    public boolean isAccepted() {
        return view.faults().isEmpty();
    }

    /** Whether the node must bind the listener; one that serves no frontend is left out. */
    public boolean needs(String listener) {
        return redirects.containsValue(listener) || !view.listeners().contains(listener);
    }
}
