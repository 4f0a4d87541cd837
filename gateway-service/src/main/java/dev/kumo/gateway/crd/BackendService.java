// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Service whose endpoints Envoy learns without its traffic being redirected. */
public record BackendService(
        @JsonPropertyDescription("Name of the Service") @Required @Size(min = 1)
        String name,

        @JsonPropertyDescription("Namespace of the Service; a namespaced configuration always means its own") @Nullable
        String namespace,

        @JsonPropertyDescription("Ports by number or name; all if absent") @Nullable
        List<String> number) {
    /** Copies what it is given. */
    public BackendService {
        number = Immutable.list(number);
    }
}
