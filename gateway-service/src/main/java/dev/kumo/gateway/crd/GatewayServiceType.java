// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Types of Service that can be made for a Gateway. */
public enum GatewayServiceType {
    @JsonProperty("LoadBalancer")
    LOADBALANCER,
    @JsonProperty("NodePort")
    NODEPORT
}
