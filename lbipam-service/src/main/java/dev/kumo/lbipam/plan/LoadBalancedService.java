// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import inet.ipaddr.IPAddress;
import java.util.List;

/**
 * A Service as nodes serve it. Addresses are IPv4 and sorted; ports are sorted by protocol and number.
 *
 * @param healthCheckNodePort 0 if there is none
 * @param affinityTimeoutSeconds 0 if sessions have no affinity
 * @param sourceRanges sources that may use the LoadBalancer addresses; empty is all
 */
public record LoadBalancedService(
        List<IPAddress> clusterAddresses,
        List<IPAddress> externalAddresses,
        List<IPAddress> loadBalancerAddresses,
        List<ServicePort> ports,
        TrafficPolicy internalTrafficPolicy,
        TrafficPolicy externalTrafficPolicy,
        int healthCheckNodePort,
        int affinityTimeoutSeconds,
        List<IPAddress> sourceRanges) {

    public LoadBalancedService {
        clusterAddresses = List.copyOf(clusterAddresses);
        externalAddresses = List.copyOf(externalAddresses);
        loadBalancerAddresses = List.copyOf(loadBalancerAddresses);
        ports = List.copyOf(ports);
        sourceRanges = List.copyOf(sourceRanges);
    }
}
