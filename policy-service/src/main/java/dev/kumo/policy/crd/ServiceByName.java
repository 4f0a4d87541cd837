// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One Service. */
public record ServiceByName(
        @JsonPropertyDescription("Name of the Service") @Nullable
        String serviceName,

        @JsonPropertyDescription("Namespace of the Service; the policy's own if absent") @Nullable
        String namespace) {}
