// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.uninstall;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;

/** Tells what Kumo has generated, or written into others' objects, from what users have made. Pure. */
final class Generated {
    /** Condition of a Service whose addresses LB IPAM gave or refused. */
    static final String REQUEST_SATISFIED = "cilium.io/IPAMRequestSatisfied";

    private static final String GATEWAY = "io.cilium.gateway/owning-gateway";
    private static final String INGRESS = "cilium.io/ingress";

    private Generated() {}

    /** A Service that stands for a Gateway or an Ingress; name and label must both say so. */
    static boolean isGenerated(Service service) {
        var labels = labels(service);
        var name = service.getMetadata().getName();
        return name.startsWith("cilium-gateway-") && labels.containsKey(GATEWAY)
                || name.startsWith("cilium-ingress") && "true".equals(labels.get(INGRESS));
    }

    /** A user's Service with addresses in its status that nobody will serve any more. */
    static boolean hasOurAddress(Service service) {
        var status = service.getStatus();
        return status != null
                && status.getConditions() != null
                && status.getConditions().stream().anyMatch(condition -> REQUEST_SATISFIED.equals(condition.getType()));
    }

    private static Map<String, String> labels(HasMetadata object) {
        var labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }
}
