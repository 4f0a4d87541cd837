// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Settings of the HTTP connection manager. */
public record HttpOptions(
        @JsonPropertyDescription("Translation of gRPC-web requests to gRPC") @Nullable
        GrpcWebTranslation grpcWebTranslation) {}
