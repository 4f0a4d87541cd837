// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which addresses of which Services are announced, by which nodes, on which links. */
public record L2AnnouncementPolicySpec(
        @JsonPropertyDescription("Services; any if absent") @Nullable
        LabelSelector serviceSelector,

        @JsonPropertyDescription("Nodes; any if absent") @Nullable
        LabelSelector nodeSelector,

        @JsonPropertyDescription("Regular expressions over link names; any if absent") @Nullable
        List<String> interfaces,

        @JsonPropertyDescription("Announce external addresses") @Nullable
        Boolean externalIPs,

        @JsonPropertyDescription("Announce load balancer addresses") @Nullable
        Boolean loadBalancerIPs) {
    /** Copies what it is given. */
    public L2AnnouncementPolicySpec {
        interfaces = Immutable.list(interfaces);
    }
}
