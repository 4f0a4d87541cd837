// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** One ICMP type of one IP version. */
public record IcmpField(
        @JsonPropertyDescription("IP version") @Default("IPv4") @Nullable
        IcmpFamily family,

        @JsonPropertyDescription("Type by number, or by name such as EchoRequest") @Required
        IntOrString type) {}
