// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a certificate and a key belong together and are of a sort that Envoy serves. Messages hold nothing of either. Stateless. */
final class KeyPairCheck {
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (PRIVATE|RSA PRIVATE|EC PRIVATE) KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1 KEY-----");
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<Integer> EC_BITS = Set.of(256, 384, 521);
    private static final byte[] PROBE = "kumo".getBytes(StandardCharsets.US_ASCII);
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_ZERO = {2, 1, 0};

    private KeyPairCheck() {}

    /** @throws GeneralSecurityException with what is wrong, to follow the Secret's name */
    static void check(String chain, String privateKey) throws GeneralSecurityException {
        var certificate = leaf(chain);
        var signature = switch (certificate) {
            case RSAPublicKey rsa when rsa.getModulus().bitLength() >= LEAST_RSA_BITS -> "SHA256withRSA";
            case RSAPublicKey rsa ->
                throw new GeneralSecurityException("has an RSA certificate of %d bits; Envoy wants %d"
                        .formatted(rsa.getModulus().bitLength(), LEAST_RSA_BITS));
            case ECPublicKey ec
            when EC_BITS.contains(ec.getParams().getCurve().getField().getFieldSize()) -> "SHA256withECDSA";
            default ->
                throw new GeneralSecurityException(
                        "has a certificate of a sort that Envoy doesn't serve: " + certificate.getAlgorithm());
        };
        var key = key(privateKey, certificate);
        if (!belongs(key, certificate, signature)) {
            throw new GeneralSecurityException("has a tls.key that doesn't belong to its tls.crt");
        }
    }

    private static PublicKey leaf(String chain) throws GeneralSecurityException {
        try {
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chain.getBytes(StandardCharsets.UTF_8)));
            if (!certificates.isEmpty()) {
                return certificates.iterator().next().getPublicKey();
            }
        } catch (CertificateException e) {
            throw new GeneralSecurityException("has a tls.crt that is no X.509 certificate in PEM", e);
        }
        throw new GeneralSecurityException("has a tls.crt without a certificate");
    }

    /** PKCS#8 as it is; the older forms lack the algorithm, which is the certificate's if they belong together. */
    private static PrivateKey key(String text, PublicKey certificate) throws GeneralSecurityException {
        var pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new GeneralSecurityException("has a tls.key that is no private key in PEM");
        }
        try {
            var der = Base64.getMimeDecoder().decode(pem.group(2));
            var encoded = pem.group(1).equals("PRIVATE")
                    ? der
                    : tlv(SEQUENCE, VERSION_ZERO, algorithm(certificate), tlv(OCTET_STRING, der));
            return KeyFactory.getInstance(certificate.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new GeneralSecurityException(
                    "has a tls.key that can't be read as a key of its certificate's sort, "
                            + certificate.getAlgorithm(),
                    e);
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey certificate, String algorithm) {
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate);
            verifier.update(PROBE);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** AlgorithmIdentifier of a SubjectPublicKeyInfo (RFC 5280): the first element of its sequence. */
    private static byte[] algorithm(PublicKey key) {
        var info = key.getEncoded();
        int start = content(info, 0);
        return Arrays.copyOfRange(info, start, content(info, start) + length(info, start));
    }

    /** Where the content of the DER element at this place begins. */
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < first - 0x80; i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] tlv(int tag, byte[]... parts) {
        var body = new ByteArrayOutputStream();
        for (var part : parts) {
            body.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
                out.write(length >> shift);
            }
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }
}
