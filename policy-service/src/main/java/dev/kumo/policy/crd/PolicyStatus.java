// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State of a policy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyStatus(
        @JsonPropertyDescription("Aspects of the state, by type") @Nullable
        List<PolicyCondition> conditions,

        @JsonPropertyDescription("State of derived policies, by name") @Nullable
        Map<String, DerivedPolicyStatus> derivativePolicies) {
    /** Copies what it is given. */
    public PolicyStatus {
        conditions = Immutable.list(conditions);
        derivativePolicies = Immutable.map(derivativePolicies);
    }
}
