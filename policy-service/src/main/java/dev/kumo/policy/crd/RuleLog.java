// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What flow records of traffic that the rule decided carry. */
public record RuleLog(
        @JsonPropertyDescription("Free text put into each flow record") @Size(max = 32) @Nullable
        String value) {}
