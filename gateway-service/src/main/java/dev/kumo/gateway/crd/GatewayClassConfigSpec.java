// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Settings for Gateways of the classes that refer to the object. */
public record GatewayClassConfigSpec(
        @JsonPropertyDescription("Text for people") @Size(max = 64) @Nullable
        String description,

        @JsonPropertyDescription("Settings of the Service") @Nullable
        GatewayServiceSpec service,

        @JsonPropertyDescription("Settings of HTTP") @Nullable
        HttpOptions httpOptions) {}
