// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.model;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.Stamp;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A configuration: what it wants of which Services. Names of resources are qualified.
 *
 * @param key its namespace is empty if it is clusterwide
 * @param keepSource whether backends see the client's address
 * @param services whose frontends it takes
 * @param listed ports of the Services whose endpoints it may use, as it lists them
 * @param listeners in the order of its resources
 * @param clusters that are discovered by Service, by name
 * @param selector of nodes; empty is every node
 * @param faults sorted; with one nothing of it is in force
 */
public record EnvoyConfigView(
        ObjectKey key,
        Stamp stamp,
        boolean keepSource,
        List<Frontend> services,
        List<Listing> listed,
        List<String> listeners,
        List<Discovered> clusters,
        Optional<NodeSelector> selector,
        List<EnvoyConfigFault> faults) {
    /** Older ones come first. */
    public static final Comparator<EnvoyConfigView> AGE = Comparator.comparing(
                    (EnvoyConfigView view) -> view.stamp().created())
            .thenComparing(EnvoyConfigView::key);

    /** @param ports of the Service; empty is all @param listener its name, qualified */
    public record Frontend(ObjectKey service, List<Integer> ports, String listener) {}

    /** @param ports by name or number; empty is all */
    public record Listing(ObjectKey service, List<String> ports) {}

    /** A cluster and the endpoints that are its own. */
    public record Discovered(String cluster, BackendRef backend) {}

    public boolean clusterwide() {
        return key.namespace().isEmpty();
    }

    public String kind() {
        return clusterwide() ? "CiliumClusterwideEnvoyConfig" : "CiliumEnvoyConfig";
    }

    /** For people. */
    public String title() {
        return clusterwide() ? kind() + " " + key.name() : kind() + " " + key;
    }
}
