// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A request header that must be present, and its value if one is given. */
public record HeaderMatch(
        @JsonPropertyDescription("Name of the header") @Required @Size(min = 1)
        String name,

        @JsonPropertyDescription("The value; any if absent") @Nullable
        String value,

        @JsonPropertyDescription("Secret that holds the value") @Nullable
        SecretReference secret,

        @JsonPropertyDescription("What to do to a request that does not match; absent means refuse it") @Nullable
        HeaderMismatch mismatch) {}
