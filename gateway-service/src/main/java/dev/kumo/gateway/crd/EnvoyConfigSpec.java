// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Envoy v3 resources and the Services they are for. */
public record EnvoyConfigSpec(
        @JsonPropertyDescription("Services whose traffic is redirected") @Nullable
        List<ServiceListener> services,

        @JsonPropertyDescription("Services whose endpoints are needed") @Nullable
        List<BackendService> backendServices,

        @JsonPropertyDescription("Envoy v3 resources, each with its @type") @Required @Nullable
        List<JsonNode> resources,

        @JsonPropertyDescription("Nodes the configuration is for; any if absent") @Nullable
        LabelSelector nodeSelector) {
    /** Copies what it is given. */
    public EnvoyConfigSpec {
        services = Immutable.list(services);
        backendServices = Immutable.list(backendServices);
        resources = Immutable.list(resources);
    }
}
