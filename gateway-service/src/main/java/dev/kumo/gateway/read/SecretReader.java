// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.TlsSecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/** Reads Secrets of type kubernetes.io/tls; what Envoy would refuse is found here, and said without a byte of it. Stateless. */
public final class SecretReader {
    private static final String TYPE = "kubernetes.io/tls";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    private SecretReader() {}

    public static TlsSecret secret(Secret secret) {
        var metadata = secret.getMetadata();
        var key = new ObjectKey(Objects.requireNonNullElse(metadata.getNamespace(), "default"), metadata.getName());
        if (!TYPE.equals(secret.getType())) {
            return broken(key, "is of type %s instead of %s".formatted(secret.getType(), TYPE));
        }
        var data = Objects.requireNonNullElse(secret.getData(), Map.<String, String>of());
        try {
            var chain = text(data, CERTIFICATE);
            var privateKey = text(data, KEY);
            KeyPairCheck.check(chain, privateKey);
            return new TlsSecret.KeyPair(key, chain, privateKey);
        } catch (GeneralSecurityException e) {
            return broken(key, String.valueOf(e.getMessage()));
        }
    }

    private static TlsSecret broken(ObjectKey key, String why) {
        return new TlsSecret.Broken(key, "Secret %s %s".formatted(key, why));
    }

    private static String text(Map<String, String> data, String name) throws GeneralSecurityException {
        var value = data.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new GeneralSecurityException("has no " + name);
        }
        try {
            return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("has a %s that is no base64".formatted(name), e);
        }
    }
}
