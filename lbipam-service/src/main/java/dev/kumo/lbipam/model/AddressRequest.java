// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.model;

import java.util.List;

/**
 * What the specification of a Service says about its LoadBalancer addresses; annotations say the rest.
 *
 * @param loadBalancerClass empty if unset
 * @param loadBalancerIp empty if unset
 * @param ipFamilies {@code IPv4}, {@code IPv6}, in the Service's order
 * @param ipFamilyPolicy {@code SingleStack}, {@code PreferDualStack}, {@code RequireDualStack}, or empty
 */
public record AddressRequest(
        String loadBalancerClass, String loadBalancerIp, List<String> ipFamilies, String ipFamilyPolicy) {
    public AddressRequest {
        ipFamilies = List.copyOf(ipFamilies);
    }
}
