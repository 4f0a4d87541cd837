// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of a pool. */
public record LoadBalancerIpPoolStatus(
        @JsonPropertyDescription("Aspects of the state, by type") @Nullable
        List<Condition> conditions) {
    /** Copies what it is given. */
    public LoadBalancerIpPoolStatus {
        conditions = Immutable.list(conditions);
    }
}
