// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of the Service made for a Gateway; each is copied to the field of that name. */
public record GatewayServiceSpec(
        @JsonPropertyDescription("Type of the Service") @Default("LoadBalancer") @Nullable
        GatewayServiceType type,

        @JsonPropertyDescription("Which endpoints outside traffic may reach") @Default("Cluster") @Nullable
        String externalTrafficPolicy,

        @JsonPropertyDescription("Class of the load balancer") @Nullable
        String loadBalancerClass,

        @JsonPropertyDescription("Clients, in prefix notation") @Nullable
        List<String> loadBalancerSourceRanges,

        @JsonPropertyDescription("Whether the ranges are allowed or denied") @Default("Allow") @Nullable
        SourceRangesPolicy loadBalancerSourceRangesPolicy,

        @JsonPropertyDescription("IP families") @Nullable List<String> ipFamilies,

        @JsonPropertyDescription("How many IP families") @Nullable
        String ipFamilyPolicy,

        @JsonPropertyDescription("Whether node ports are allocated") @Nullable
        Boolean allocateLoadBalancerNodePorts,

        @JsonPropertyDescription("Preference among endpoints") @Nullable
        String trafficDistribution) {
    /** Copies what it is given. */
    public GatewayServiceSpec {
        loadBalancerSourceRanges = Immutable.list(loadBalancerSourceRanges);
        ipFamilies = Immutable.list(ipFamilies);
    }
}
