// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the source ranges are those allowed or those denied. */
public enum SourceRangesPolicy {
    @JsonProperty("Allow")
    ALLOW,
    @JsonProperty("Deny")
    DENY
}
