// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State of a policy derived from this one. */
public record DerivedPolicyStatus(
        @JsonPropertyDescription("It was accepted") @Nullable
        Boolean ok,

        @JsonPropertyDescription("Why it was not") @Nullable String error,

        @JsonPropertyDescription("When this was written") @Nullable
        String lastUpdated,

        @JsonPropertyDescription("Revision that first held it") @Nullable
        Long localPolicyRevision,

        @JsonPropertyDescription("Every endpoint present then enforces it") @Nullable
        Boolean enforcing,

        @JsonPropertyDescription("Annotations that took effect") @Nullable
        Map<String, String> annotations) {
    /** Copies what it is given. */
    public DerivedPolicyStatus {
        annotations = Immutable.map(annotations);
    }
}
