// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import dev.kumo.policy.plan.Validity;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate with its key. */
record Credential(X509Certificate certificate, PrivateKey key) {
    /** @throws GeneralSecurityException if one of both cannot be read */
    static Credential parse(String certificate, String key) throws GeneralSecurityException {
        return new Credential(Pem.certificates(certificate).getFirst(), Pem.privateKey(key));
    }

    Validity validity() {
        return new Validity(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /** The key is never printed. */
    @Override
    public String toString() {
        return "Credential[" + certificate.getSubjectX500Principal() + "]";
    }
}
