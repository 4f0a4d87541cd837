// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far peers must prove themselves. */
public enum AuthenticationMode {
    @JsonProperty("disabled")
    DISABLED,
    @JsonProperty("required")
    REQUIRED,
    @JsonProperty("test-always-fail")
    TEST_ALWAYS_FAIL
}
