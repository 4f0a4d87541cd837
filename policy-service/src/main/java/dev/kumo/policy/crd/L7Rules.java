// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is allowed within connections to the ports; one kind only. */
public record L7Rules(
        @JsonPropertyDescription("Requests that are allowed; others are answered 403") @Nullable
        List<HttpRule> http,

        @JsonPropertyDescription("Names that may be looked up") @Nullable
        List<FqdnSelector> dns) {
    /** Copies what it is given. */
    public L7Rules {
        http = Immutable.list(http);
        dns = Immutable.list(dns);
    }
}
