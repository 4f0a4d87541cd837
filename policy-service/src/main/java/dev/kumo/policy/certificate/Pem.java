// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Certificates and keys as text (RFC 7468); keys are EC, PKCS #8, not encrypted. */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final int LINE = 64;

    private Pem() {}

    static String write(X509Certificate certificate) {
        try {
            return write(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without encoding", e);
        }
    }

    static String write(PrivateKey key) {
        return write(PRIVATE_KEY, key.getEncoded());
    }

    /** @throws GeneralSecurityException if the text is no series of certificates */
    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (RuntimeException e) {
            throw new CertificateException("not PEM", e);
        }
    }

    /** @throws GeneralSecurityException if the text is no EC key in PKCS #8 */
    static PrivateKey privateKey(String text) throws GeneralSecurityException {
        var base64 = text.lines().filter(line -> !line.startsWith("-----")).reduce("", String::concat);
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not PEM", e);
        }
    }

    /** SHA-256 of the certificate, in hex. */
    static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String write(String type, byte[] content) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(
                        type,
                        Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(content));
    }
}
