// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** Translation of gRPC-web requests to gRPC. */
public record GrpcWebTranslation(
        @JsonPropertyDescription("Whether requests are translated") @Default("true") @Nullable
        Boolean enabled) {}
