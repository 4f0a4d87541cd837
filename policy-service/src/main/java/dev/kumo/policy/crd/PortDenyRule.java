// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ports to which a denial is limited. */
public record PortDenyRule(
        @JsonPropertyDescription("The ports, at least one") @Size(max = 40) @Nullable
        List<PortProtocol> ports) {
    /** Copies what it is given. */
    public PortDenyRule {
        ports = Immutable.list(ports);
    }
}
