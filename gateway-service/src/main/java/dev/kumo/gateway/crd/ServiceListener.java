// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Service whose traffic goes to a listener of this configuration. */
public record ServiceListener(
        @JsonPropertyDescription("Name of the Service") @Required @Size(min = 1)
        String name,

        @JsonPropertyDescription("Namespace of the Service; a namespaced configuration always means its own") @Nullable
        String namespace,

        @JsonPropertyDescription("Ports of the Service; all if absent") @Nullable
        List<Integer> ports,

        @JsonPropertyDescription("Name of the listener; the first of the resources if absent") @Nullable
        String listener) {
    /** Copies what it is given. */
    public ServiceListener {
        ports = Immutable.list(ports);
    }
}
