// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Outgoing traffic that is denied whatever else allows it. */
public record EgressDenyRule(
        @JsonPropertyDescription("Endpoints by their labels; an empty list selects none") @Nullable
        List<LabelSelector> toEndpoints,

        @JsonPropertyDescription("No longer available; must be empty") @Size(max = 0) @Nullable
        List<LabelSelector> toRequires,

        @JsonPropertyDescription("Addresses outside the cluster") @Nullable
        List<String> toCIDR,

        @JsonPropertyDescription("Addresses outside the cluster, with exceptions") @Nullable
        List<CidrRule> toCIDRSet,

        @JsonPropertyDescription("Peers by role") @Nullable List<Entity> toEntities,

        @JsonPropertyDescription("Services whose endpoints are the peers") @Nullable
        List<ServiceReference> toServices,

        @JsonPropertyDescription("Peers by a provider's groups") @Nullable
        List<PeerGroups> toGroups,

        @JsonPropertyDescription("Nodes by their labels") @Nullable
        List<LabelSelector> toNodes,

        @JsonPropertyDescription("Ports; any if absent") @Nullable
        List<PortDenyRule> toPorts,

        @JsonPropertyDescription("ICMP messages; not with toPorts") @Nullable
        List<IcmpRule> icmps) {
    /** Copies what it is given. */
    public EgressDenyRule {
        toEndpoints = Immutable.list(toEndpoints);
        toRequires = Immutable.list(toRequires);
        toCIDR = Immutable.list(toCIDR);
        toCIDRSet = Immutable.list(toCIDRSet);
        toEntities = Immutable.list(toEntities);
        toServices = Immutable.list(toServices);
        toGroups = Immutable.list(toGroups);
        toNodes = Immutable.list(toNodes);
        toPorts = Immutable.list(toPorts);
        icmps = Immutable.list(icmps);
    }
}
