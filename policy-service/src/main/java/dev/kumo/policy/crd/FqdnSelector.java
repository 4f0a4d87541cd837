// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Destinations by the DNS name under which the endpoint looked them up. One of the two fields. */
public record FqdnSelector(
        @JsonPropertyDescription("The whole name") @Size(max = 255) @Pattern("^([-a-zA-Z0-9_]+[.]?)+$") @Nullable
        String matchName,

        @JsonPropertyDescription(
                "A name in which * stands for any characters of one label and a leading **. for any depth")
        @Size(max = 255)
        @Pattern("^([-a-zA-Z0-9_*]+[.]?)+$")
        @Nullable
        String matchPattern) {}
