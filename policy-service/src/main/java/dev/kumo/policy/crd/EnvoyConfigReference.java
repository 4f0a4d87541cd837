// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The object that defines a listener. */
public record EnvoyConfigReference(
        @JsonPropertyDescription("Kind of the object") @Required
        EnvoyConfigKind kind,

        @JsonPropertyDescription("Name of the object") @Required @Size(min = 1)
        String name) {}
