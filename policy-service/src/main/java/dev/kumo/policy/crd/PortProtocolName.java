// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Transport or network protocol of a port entry. Those without ports take port 0. */
public enum PortProtocolName {
    TCP,
    UDP,
    SCTP,
    ICMP,
    @JsonProperty("ICMPv6")
    ICMPV6,
    VRRP,
    IGMP,
    GRE,
    IPIP,
    IPV6,
    ESP,
    AH,
    ANY
}
