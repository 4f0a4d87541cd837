// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The IP version whose ICMP is meant. */
public enum IcmpFamily {
    @JsonProperty("IPv4")
    IPV4,
    @JsonProperty("IPv6")
    IPV6
}
