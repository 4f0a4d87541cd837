// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ListenerView.CertificateRef;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.ReferenceGrantView.From;
import dev.kumo.gateway.model.ReferenceGrantView.To;
import dev.kumo.gateway.model.TlsSecret;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the certificates that listeners and Ingresses name, and whether they may. Immutable. */
final class Certificates {
    private static final String INVALID = "InvalidCertificateRef";

    private final Map<ObjectKey, TlsSecret> secrets;
    private final List<ReferenceGrantView> grants;

    Certificates(Collection<TlsSecret> secrets, Collection<ReferenceGrantView> grants) {
        this.secrets = secrets.stream().collect(Collectors.toMap(TlsSecret::key, Function.identity()));
        this.grants = List.copyOf(grants);
    }

    /** @param namespace of the Gateway that refers to it */
    Optional<Fault> fault(CertificateRef reference, String namespace) {
        if (!reference.isSecret()) {
            return Optional.of(
                    new Fault(INVALID, "a certificate is in a Secret, not in a %s".formatted(reference.kind())));
        }
        var key = reference.key();
        if (!mayRead(reference, namespace)) {
            return Optional.of(new Fault(
                    "RefNotPermitted",
                    "no ReferenceGrant in namespace %s lets Gateways of %s refer to Secret %s"
                            .formatted(key.namespace(), namespace, key.name())));
        }
        return fault(key);
    }

    /** Whether it is a Secret of the Gateway's namespace, or one that a ReferenceGrant lets it have. */
    boolean mayRead(CertificateRef reference, String namespace) {
        var key = reference.key();
        var from = new From("gateway.networking.k8s.io", "Gateway", namespace);
        var to = new To("", "Secret", key.name());
        return reference.isSecret()
                && (key.namespace().equals(namespace)
                        || grants.stream().anyMatch(grant -> grant.allows(from, to, key.namespace())));
    }

    /** Why the Secret holds no certificate that can be served. */
    Optional<Fault> fault(ObjectKey key) {
        return switch (secrets.get(key)) {
            case null -> Optional.of(new Fault(INVALID, "there is no Secret " + key));
            case TlsSecret.Broken broken -> Optional.of(new Fault(INVALID, broken.why()));
            case TlsSecret.KeyPair _ -> Optional.empty();
        };
    }

    /** Those that can be served, by name. */
    List<TlsSecret.KeyPair> pairs(Collection<ObjectKey> keys) {
        return keys.stream()
                .distinct()
                .sorted()
                .map(secrets::get)
                .filter(TlsSecret.KeyPair.class::isInstance)
                .map(TlsSecret.KeyPair.class::cast)
                .toList();
    }
}
