// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short content hashes for names of pins: the first eight bytes of SHA-256, in hex. */
final class Fingerprint {
    private final MessageDigest digest;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JRE has SHA-256", e);
        }
    }

    static String of(String text) {
        return new Fingerprint().add(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    Fingerprint add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
