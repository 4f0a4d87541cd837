// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Mutual authentication demanded of the peers. */
public record Authentication(
        @JsonPropertyDescription("What is demanded") @Required
        AuthenticationMode mode) {}
