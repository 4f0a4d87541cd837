// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A label of the rule itself, for people and tools; it selects nothing. */
public record RuleLabel(
        @JsonPropertyDescription("Key of the label") @Required
        String key,

        @JsonPropertyDescription("Where the label comes from, such as k8s") @Nullable
        String source,

        @JsonPropertyDescription("Value of the label") @Nullable
        String value) {}
