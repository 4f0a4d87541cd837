// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import dev.kumo.policy.plan.TrustState;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The feeds' certificates in Secrets and the ConfigMap that nodes mount. Blocks. */
final class TrustStore {
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";

    private static final Logger LOG = Logger.getLogger(TrustStore.class);
    private static final String AUTHORITY = "kumo-ca";
    private static final String PREVIOUS = "previous.crt";
    private static final String BUNDLE = "ca.crt";

    private final KubernetesClient client;
    private final String namespace;

    TrustStore(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** The authority with its key, and the previous one's certificate. */
    record Authority(Credential current, Optional<X509Certificate> previous, String resourceVersion) {}

    Optional<Authority> authority() {
        var secret = secret(AUTHORITY);
        if (secret == null) {
            return Optional.empty();
        }
        try {
            var previous = text(secret, PREVIOUS);
            return Optional.of(new Authority(
                    Credential.parse(text(secret, CERTIFICATE), text(secret, KEY)),
                    previous.isEmpty()
                            ? Optional.empty()
                            : Optional.of(Pem.certificates(previous).getFirst()),
                    secret.getMetadata().getResourceVersion()));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalStateException(
                    "Secret %s/%s cannot be read: delete it to have a new authority".formatted(namespace, AUTHORITY),
                    e);
        }
    }

    Optional<Credential> leaf(String service) {
        var secret = secret(leafName(service));
        if (secret == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Credential.parse(text(secret, CERTIFICATE), text(secret, KEY)));
        } catch (GeneralSecurityException | RuntimeException e) {
            LOG.warnf("Secret %s/%s cannot be read and is written anew: %s", namespace, leafName(service), e);
            return Optional.empty();
        }
    }

    Set<String> published() {
        var map = client.configMaps().inNamespace(namespace).withName(AUTHORITY).get();
        try {
            return map == null || map.getData() == null
                    ? Set.of()
                    : Pem.certificates(map.getData().getOrDefault(BUNDLE, "")).stream()
                            .map(Pem::fingerprint)
                            .collect(Collectors.toSet());
        } catch (GeneralSecurityException e) {
            return Set.of();
        }
    }

    /** Fails if it is there: of two replicas that try, one makes the authority. */
    void create(Credential authority) {
        client.resource(authoritySecret(authority, Optional.empty(), null)).create();
    }

    /** Fails if it was changed since {@code resourceVersion}. */
    void replace(Credential authority, Optional<X509Certificate> previous, String resourceVersion) {
        client.resource(authoritySecret(authority, previous, resourceVersion)).update();
    }

    void publish(Authority authority) {
        var bundle = Pem.write(authority.current().certificate())
                + authority.previous().map(Pem::write).orElse("");
        ConfigMap map = new ConfigMapBuilder()
                .withMetadata(metadata(AUTHORITY, null))
                .withData(Map.of(BUNDLE, bundle))
                .build();
        if (client.configMaps().inNamespace(namespace).withName(AUTHORITY).get() == null) {
            client.resource(map).create();
        } else {
            client.resource(map).update();
        }
    }

    void write(String service, Credential leaf) {
        var secret = new SecretBuilder()
                .withMetadata(metadata(leafName(service), null))
                .withType("kubernetes.io/tls")
                .withData(encoded(Map.of(CERTIFICATE, Pem.write(leaf.certificate()), KEY, Pem.write(leaf.key()))))
                .build();
        if (secret(leafName(service)) == null) {
            client.resource(secret).create();
        } else {
            client.resource(secret).update();
        }
    }

    /** The certificates as the planner sees them. */
    TrustState state(Optional<Authority> authority, Set<String> services) {
        var known = new HashMap<String, X509Certificate>();
        authority.ifPresent(a -> {
            known.put(Pem.fingerprint(a.current().certificate()), a.current().certificate());
            a.previous().ifPresent(previous -> known.put(Pem.fingerprint(previous), previous));
        });
        var leaves = new TreeMap<String, TrustState.Leaf>();
        services.forEach(service -> leaf(service)
                .ifPresent(leaf ->
                        leaves.put(service, new TrustState.Leaf(leaf.validity(), issuer(leaf.certificate(), known)))));
        return new TrustState(
                authority.map(a -> new TrustState.Authority(
                        Pem.fingerprint(a.current().certificate()),
                        a.current().validity(),
                        a.previous().map(Pem::fingerprint))),
                leaves,
                published());
    }

    private static String issuer(X509Certificate leaf, Map<String, X509Certificate> known) {
        return known.entrySet().stream()
                .filter(authority -> isSignedBy(leaf, authority.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static boolean isSignedBy(X509Certificate leaf, X509Certificate authority) {
        try {
            leaf.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Secret authoritySecret(
            Credential authority, Optional<X509Certificate> previous, @Nullable String resourceVersion) {
        var data = new TreeMap<String, String>();
        data.put(CERTIFICATE, Pem.write(authority.certificate()));
        data.put(KEY, Pem.write(authority.key()));
        previous.ifPresent(certificate -> data.put(PREVIOUS, Pem.write(certificate)));
        return new SecretBuilder()
                .withMetadata(metadata(AUTHORITY, resourceVersion))
                .withType("Opaque")
                .withData(encoded(data))
                .build();
    }

    private ObjectMeta metadata(String name, @Nullable String resourceVersion) {
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withResourceVersion(resourceVersion)
                .withLabels(Map.of("app.kubernetes.io/part-of", "kumo"))
                .build();
    }

    private @Nullable Secret secret(String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }

    private static String leafName(String service) {
        return "kumo-" + service + "-tls";
    }

    private static String text(Secret secret, String key) {
        var value = secret.getData() == null ? null : secret.getData().get(key);
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }

    private static Map<String, String> encoded(Map<String, String> data) {
        var encoded = new TreeMap<String, String>();
        data.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.US_ASCII))));
        return encoded;
    }
}
