// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pool offers, and to which Services. */
public record LoadBalancerIpPoolSpec(
        @JsonPropertyDescription("The addresses") @Nullable List<IpBlock> blocks,

        @JsonPropertyDescription("Services that may take from the pool; any if absent") @Nullable
        LabelSelector serviceSelector,

        @JsonPropertyDescription("Whether the first and last address of a block may be given out; Yes if absent")
        @Nullable
        AllowFirstLastIps allowFirstLastIPs,

        @JsonPropertyDescription("No new addresses are given out; those given stay") @Default("false") @Nullable
        Boolean disabled) {
    /** Copies what it is given. */
    public LoadBalancerIpPoolSpec {
        blocks = Immutable.list(blocks);
    }
}
