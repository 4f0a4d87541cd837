// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP request that is allowed. Every field given must match; regular expressions match the whole string. */
public record HttpRule(
        @JsonPropertyDescription("Regular expression over the path") @Nullable
        String path,

        @JsonPropertyDescription("Regular expression over the method") @Nullable
        String method,

        @JsonPropertyDescription("Regular expression over the host") @Nullable
        String host,

        @JsonPropertyDescription("Headers in the form Name: value, or a name alone") @Nullable
        List<String> headers,

        @JsonPropertyDescription("Headers with an action where they differ") @Nullable
        List<HeaderMatch> headerMatches) {
    /** Copies what it is given. */
    public HttpRule {
        headers = Immutable.list(headers);
        headerMatches = Immutable.list(headerMatches);
    }
}
