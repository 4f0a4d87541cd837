// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A port, by number or name, or a range of them. */
public record PortProtocol(
        @JsonPropertyDescription("Number or name; 0 means every port")
        @Required
        @Pattern(
                "^((6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*)$")
        String port,

        @JsonPropertyDescription("Last port of the range; not with a name") @Min(0) @Max(65535) @Nullable
        Integer endPort,

        @JsonPropertyDescription("ANY if absent") @Nullable PortProtocolName protocol) {}
