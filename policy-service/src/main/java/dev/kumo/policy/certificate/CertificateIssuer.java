// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the feeds' authority and its leaves: EC P-256, SHA-256 (RFC 5280). */
final class CertificateIssuer {
    /** Clocks of nodes may be behind ours by that much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 127;

    private final SecureRandom random = new SecureRandom();

    /** A self-signed authority; its name carries its serial number, so that two of them can be told apart. */
    Credential authority(Instant now, Duration life) throws GeneralSecurityException {
        var keys = keys();
        var serial = serial();
        var name = new X500Name("CN=Kumo feeds " + HexFormat.of().toHexDigits(serial.intValue()));
        var builder = builder(name, name, serial, now, life, keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        } catch (CertIOException e) {
            throw new GeneralSecurityException(e);
        }
        return signed(builder, keys, keys);
    }

    /** A server's leaf for one DNS name. */
    Credential leaf(Credential authority, String dnsName, Instant now, Duration life) throws GeneralSecurityException {
        var keys = keys();
        var issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        var builder = builder(issuer, new X500Name("CN=" + dnsName), serial(), now, life, keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils()
                                    .createAuthorityKeyIdentifier(
                                            authority.certificate().getPublicKey()));
        } catch (CertIOException e) {
            throw new GeneralSecurityException(e);
        }
        return signed(builder, keys, new KeyPair(authority.certificate().getPublicKey(), authority.key()));
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, BigInteger serial, Instant now, Duration life, PublicKey key) {
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(SKEW)), Date.from(now.plus(life)), subject, key);
    }

    private static Credential signed(X509v3CertificateBuilder builder, KeyPair subject, KeyPair signer)
            throws GeneralSecurityException {
        try {
            var content = new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate());
            return new Credential(
                    new JcaX509CertificateConverter().getCertificate(builder.build(content)), subject.getPrivate());
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private KeyPair keys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, random).setBit(0);
    }
}
