// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a ServiceAccount token (JWT, RFC 7519) says of itself. Nothing of it is proven: it serves to tell precisely why a
 * token is refused, and how long a reviewed one is good.
 *
 * @param fingerprint SHA-256 of the token, in hex
 */
record BearerToken(String fingerprint, List<String> audiences, Instant expiry) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty if it is no JWT with an expiry. */
    static Optional<BearerToken> parse(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            if (!claims.path("exp").canConvertToLong()) {
                return Optional.empty();
            }
            return Optional.of(new BearerToken(
                    fingerprint(token),
                    audiences(claims.path("aud")),
                    Instant.ofEpochSecond(claims.path("exp").asLong())));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Optional.empty();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A string or a list of strings (RFC 7519 section 4.1.3). */
    private static List<String> audiences(JsonNode claim) {
        var audiences = new ArrayList<String>();
        if (claim.isTextual()) {
            audiences.add(claim.asText());
        }
        claim.forEach(audience -> audiences.add(audience.asText()));
        return List.copyOf(audiences);
    }

    private static String fingerprint(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
