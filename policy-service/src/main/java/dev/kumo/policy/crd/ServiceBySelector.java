// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Services by their labels. */
public record ServiceBySelector(
        @JsonPropertyDescription("Labels of the Services") @Required
        LabelSelector selector,

        @JsonPropertyDescription("Namespace of the Services; any if absent") @Nullable
        String namespace) {}
