// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Addresses of a pool: a block in prefix notation, or a range. One of cidr and start. */
public record IpBlock(
        @JsonPropertyDescription("Address block in prefix notation") @Nullable
        String cidr,

        @JsonPropertyDescription("First address of a range") @Nullable
        String start,

        @JsonPropertyDescription("Last address of the range; the first if absent") @Nullable
        String stop) {}
