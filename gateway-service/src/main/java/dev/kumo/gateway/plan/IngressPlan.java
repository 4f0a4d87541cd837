// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What shall be for the Ingresses of our class; every list is ordered by name. */
public record IngressPlan(
        List<IngressStatus> ingresses,
        List<IngressService> services,
        List<HttpListener> listeners,
        List<BackendCluster> clusters) {

    /** @param addresses for status.loadBalancer @param problems what isn't served and why, for people */
    public record IngressStatus(ObjectKey key, List<String> addresses, List<String> problems) {}

    /**
     * The Service that gives one Ingress, or all that share, an address; it selects no pod and has one port, http 80.
     *
     * @param ingress its owner, absent if it is shared
     * @param type LoadBalancer or NodePort
     * @param loadBalancerClass empty if none
     */
    public record IngressService(
            ObjectKey key,
            Optional<ObjectKey> ingress,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            String type,
            String loadBalancerClass) {}
}
