// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * One aspect of a policy's state. Only type and status are certain: Cilium's own writers leave the rest out at times.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyCondition(
        @JsonPropertyDescription("Which aspect, such as Valid") @Required
        String type,

        @JsonPropertyDescription("True, False or Unknown") @Required
        String status,

        @JsonPropertyDescription("When the status last changed") @Nullable
        String lastTransitionTime,

        @JsonPropertyDescription("Why, for programs") @Nullable
        String reason,

        @JsonPropertyDescription("Why, for people") @Nullable
        String message) {}
