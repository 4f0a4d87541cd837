// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of a core/v1 Service that decides its load balancing.
 *
 * @param type {@code ClusterIP}, {@code NodePort}, {@code LoadBalancer} or {@code ExternalName}
 * @param clusterIps {@code spec.clusterIPs}; a headless Service has the single entry {@code None}
 * @param loadBalancerIps {@code status.loadBalancer.ingress[].ip}
 * @param affinityTimeoutSeconds 0 if the Service asks for no session affinity
 * @param healthCheckNodePort 0 if there is none
 * @param annotations all annotations of the Service
 */
public record ServiceView(
        ServiceRef ref,
        String type,
        List<String> clusterIps,
        List<String> externalIps,
        List<String> loadBalancerIps,
        List<PortView> ports,
        String internalTrafficPolicy,
        String externalTrafficPolicy,
        int healthCheckNodePort,
        int affinityTimeoutSeconds,
        List<String> sourceRanges,
        SortedMap<String, String> annotations) {

    public ServiceView {
        clusterIps = List.copyOf(clusterIps);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        ports = List.copyOf(ports);
        sourceRanges = List.copyOf(sourceRanges);
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) annotations));
    }

    /**
     * One of {@code spec.ports}.
     *
     * @param name empty for an unnamed port
     * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
     * @param nodePort 0 if there is none
     */
    public record PortView(String name, String protocol, int port, int nodePort) {}
}
