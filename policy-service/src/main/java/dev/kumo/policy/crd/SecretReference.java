// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A Secret. */
public record SecretReference(
        @JsonPropertyDescription("Name of the Secret") @Required
        String name,

        @JsonPropertyDescription("Namespace of the Secret") @Nullable
        String namespace) {}
