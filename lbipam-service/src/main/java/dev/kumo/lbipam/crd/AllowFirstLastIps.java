// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the first and last address of a block may be given out. */
public enum AllowFirstLastIps {
    @JsonProperty("Yes")
    YES,
    @JsonProperty("No")
    NO
}
