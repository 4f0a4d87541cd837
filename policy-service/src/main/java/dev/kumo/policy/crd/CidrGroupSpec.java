// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of a group. */
public record CidrGroupSpec(
        @JsonPropertyDescription("Address blocks in prefix notation") @Required @Nullable
        List<String> externalCIDRs) {
    /** Copies what it is given. */
    public CidrGroupSpec {
        externalCIDRs = Immutable.list(externalCIDRs);
    }
}
