// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ports to which the rule is limited, and what is allowed within connections to them. */
public record PortRule(
        @JsonPropertyDescription("The ports, at least one") @Size(max = 40) @Nullable
        List<PortProtocol> ports,

        @JsonPropertyDescription("Key material to end the client's TLS") @Nullable
        TlsContext terminatingTLS,

        @JsonPropertyDescription("Key material to open TLS to the server") @Nullable
        TlsContext originatingTLS,

        @JsonPropertyDescription("TLS server names that are allowed") @Nullable
        List<String> serverNames,

        @JsonPropertyDescription("Listener to redirect to; not with rules") @Nullable
        ListenerReference listener,

        @JsonPropertyDescription("What is allowed within the connection") @Nullable
        L7Rules rules) {
    /** Copies what it is given. */
    public PortRule {
        ports = Immutable.list(ports);
        serverNames = Immutable.list(serverNames);
    }
}
