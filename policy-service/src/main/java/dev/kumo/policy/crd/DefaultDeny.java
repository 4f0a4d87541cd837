// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Whether the rule turns on default deny in each direction; absent means: where it has a section for it. */
public record DefaultDeny(
        @JsonPropertyDescription("Deny incoming traffic that no rule allows") @Nullable
        Boolean ingress,

        @JsonPropertyDescription("Deny outgoing traffic that no rule allows") @Nullable
        Boolean egress) {}
