// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.Set;

/**
 * The nodes on which a slice of a Service's endpoints runs (discovery.k8s.io/v1).
 *
 * @param ready with an endpoint that is ready
 * @param serving with one that is serving, if only while it terminates (KEP-1669)
 */
public record BackendNodes(ServiceRef service, Set<String> ready, Set<String> serving) {
    public BackendNodes {
        ready = Set.copyOf(ready);
        serving = Set.copyOf(serving);
    }
}
