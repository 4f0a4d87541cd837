// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses, given or by reference to a CiliumCIDRGroup, less its exceptions. Exactly one of cidr,
 * cidrGroupRef and cidrGroupSelector.
 */
public record CidrRule(
        @JsonPropertyDescription("Address block in prefix notation") @Nullable
        String cidr,

        @JsonPropertyDescription("Name of a CiliumCIDRGroup")
        @Size(max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
        @Nullable
        String cidrGroupRef,

        @JsonPropertyDescription("CiliumCIDRGroups by their labels") @Nullable
        LabelSelector cidrGroupSelector,

        @JsonPropertyDescription("Blocks within this one that are left out") @Nullable
        List<String> except) {
    /** Copies what it is given. */
    public CidrRule {
        except = Immutable.list(except);
    }
}
