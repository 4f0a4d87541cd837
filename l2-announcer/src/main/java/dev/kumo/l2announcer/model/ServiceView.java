// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of a core/v1 Service that decides whether and where its addresses are announced.
 *
 * @param loadBalancerClass empty if unset
 * @param loadBalancerIps {@code status.loadBalancer.ingress[].ip}; none unless its type is LoadBalancer
 * @param local whether {@code externalTrafficPolicy} is Local
 * @param gateway whether Envoy serves it: it was made for a Gateway or an Ingress
 */
public record ServiceView(
        ServiceRef ref,
        SortedMap<String, String> labels,
        String loadBalancerClass,
        List<String> loadBalancerIps,
        List<String> externalIps,
        boolean local,
        boolean gateway) {
    public ServiceView {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) labels));
        loadBalancerIps = List.copyOf(loadBalancerIps);
        externalIps = List.copyOf(externalIps);
    }
}
