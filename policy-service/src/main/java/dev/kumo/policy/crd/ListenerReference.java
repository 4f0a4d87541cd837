// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A listener of an Envoy configuration through which the traffic goes. */
public record ListenerReference(
        @JsonPropertyDescription("Where the listener is defined") @Required
        EnvoyConfigReference envoyConfig,

        @JsonPropertyDescription("Name of the listener") @Required @Size(min = 1)
        String name,

        @JsonPropertyDescription("Which listener wins where several match; the lower") @Min(1) @Max(100) @Nullable
        Integer priority) {}
