// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The key material of one side of an intercepted TLS connection. */
public record TlsContext(
        @JsonPropertyDescription("The Secret that holds it") @Required
        SecretReference secret,

        @JsonPropertyDescription("Key of the CA bundle within the Secret") @Nullable
        String trustedCA,

        @JsonPropertyDescription("Key of the certificate within the Secret") @Nullable
        String certificate,

        @JsonPropertyDescription("Key of the private key within the Secret") @Nullable
        String privateKey) {}
