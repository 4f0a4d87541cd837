// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of a policy. */
public record L2AnnouncementPolicyStatus(
        @JsonPropertyDescription("Aspects of the state, by type") @Nullable
        List<Condition> conditions) {
    /** Copies what it is given. */
    public L2AnnouncementPolicyStatus {
        conditions = Immutable.list(conditions);
    }
}
