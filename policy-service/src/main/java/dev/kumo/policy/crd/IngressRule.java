// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Incoming traffic that is allowed. */
public record IngressRule(
        @JsonPropertyDescription("Endpoints by their labels; an empty list selects none") @Nullable
        List<LabelSelector> fromEndpoints,

        @JsonPropertyDescription("No longer available; must be empty") @Size(max = 0) @Nullable
        List<LabelSelector> fromRequires,

        @JsonPropertyDescription("Addresses outside the cluster") @Nullable
        List<String> fromCIDR,

        @JsonPropertyDescription("Addresses outside the cluster, with exceptions") @Nullable
        List<CidrRule> fromCIDRSet,

        @JsonPropertyDescription("Peers by role") @Nullable List<Entity> fromEntities,

        @JsonPropertyDescription("Peers by a provider's groups") @Nullable
        List<PeerGroups> fromGroups,

        @JsonPropertyDescription("Nodes by their labels") @Nullable
        List<LabelSelector> fromNodes,

        @JsonPropertyDescription("Ports; any if absent") @Nullable
        List<PortRule> toPorts,

        @JsonPropertyDescription("ICMP messages; not with toPorts") @Nullable
        List<IcmpRule> icmps,

        @JsonPropertyDescription("Authentication demanded of the peers") @Nullable
        Authentication authentication) {
    /** Copies what it is given. */
    public IngressRule {
        fromEndpoints = Immutable.list(fromEndpoints);
        fromRequires = Immutable.list(fromRequires);
        fromCIDR = Immutable.list(fromCIDR);
        fromCIDRSet = Immutable.list(fromCIDRSet);
        fromEntities = Immutable.list(fromEntities);
        fromGroups = Immutable.list(fromGroups);
        fromNodes = Immutable.list(fromNodes);
        toPorts = Immutable.list(toPorts);
        icmps = Immutable.list(icmps);
    }
}
