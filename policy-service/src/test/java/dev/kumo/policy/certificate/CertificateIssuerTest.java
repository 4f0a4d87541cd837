// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateIssuerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NAME = "policy-service.kumo-system.svc";

    private final CertificateIssuer issuer = new CertificateIssuer();

    @Test
    void aLeafIsValidUnderItsAuthorityForItsNameAndForServersOnly() throws Exception {
        var authority = issuer.authority(NOW, Duration.ofDays(1095));

        var leaf = issuer.leaf(authority, NAME, NOW, Duration.ofDays(90));

        validate(leaf.certificate(), authority.certificate());
        assertThat(leaf.certificate().getSubjectAlternativeNames())
                .singleElement()
                .satisfies(name -> assertThat(name.get(1)).isEqualTo(NAME));
        assertThat(leaf.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(((ECPublicKey) leaf.certificate().getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength())
                .isEqualTo(256);
        assertThat(leaf.validity().notAfter()).isEqualTo(NOW.plus(Duration.ofDays(90)));
    }

    @Test
    void aLeafOfAnotherAuthorityIsRefusedAlthoughBothAreOurs() throws Exception {
        var one = issuer.authority(NOW, Duration.ofDays(1095));
        var other = issuer.authority(NOW, Duration.ofDays(1095));
        var leaf = issuer.leaf(one, NAME, NOW, Duration.ofDays(90));

        assertThatThrownBy(() -> validate(leaf.certificate(), other.certificate()))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void certificatesAndKeysComeBackFromTheirText() throws Exception {
        var authority = issuer.authority(NOW, Duration.ofDays(1));

        var read = Credential.parse(Pem.write(authority.certificate()), Pem.write(authority.key()));

        assertThat(read.certificate()).isEqualTo(authority.certificate());
        assertThat(read.key()).isEqualTo(authority.key());
        assertThat(Pem.write(authority.key())).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Pem.certificates(Pem.write(authority.certificate()) + Pem.write(authority.certificate())))
                .hasSize(2);
    }

    @Test
    void garbageIsRefusedAndKeysAreNeverPrinted() throws Exception {
        var authority = issuer.authority(NOW, Duration.ofDays(1));

        assertThatThrownBy(() -> Pem.privateKey("-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n"))
                .isInstanceOf(GeneralSecurityException.class);
        assertThat(authority.toString()).doesNotContain("PRIVATE").contains("CN=Kumo feeds");
    }

    private static void validate(X509Certificate leaf, X509Certificate authority) throws GeneralSecurityException {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}
