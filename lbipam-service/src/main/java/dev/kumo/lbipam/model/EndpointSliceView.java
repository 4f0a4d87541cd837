// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.model;

import java.util.List;

/**
 * The part of a discovery.k8s.io/v1 EndpointSlice that decides backends.
 *
 * @param service the Service named by label {@code kubernetes.io/service-name}, in the slice's namespace
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 */
public record EndpointSliceView(
        ServiceRef service, String name, String addressType, List<PortView> ports, List<EndpointView> endpoints) {

    public EndpointSliceView {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * @param name empty for an unnamed port
     * @param port 0 if the slice gives none, which the API allows and load balancing cannot use
     */
    public record PortView(String name, String protocol, int port) {}

    /**
     * Conditions are resolved as the API describes them: an absent {@code ready} is true, an absent {@code serving}
     * equals {@code ready}, an absent {@code terminating} is false (KEP-1672).
     *
     * @param node empty if unknown
     */
    public record EndpointView(
            List<String> addresses, String node, boolean ready, boolean serving, boolean terminating) {
        public EndpointView {
            addresses = List.copyOf(addresses);
        }
    }
}
