// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ICMP messages. */
public record IcmpRule(
        @JsonPropertyDescription("The messages") @Size(max = 40) @Nullable
        List<IcmpField> fields) {
    /** Copies what it is given. */
    public IcmpRule {
        fields = Immutable.list(fields);
    }
}
