// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Peers that a provider outside the cluster knows. */
public record PeerGroups(
        @JsonPropertyDescription("Machines of Amazon EC2") @Nullable
        AwsGroup aws) {}
