// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.TlsSecret;
import dev.kumo.gateway.read.SecretReader;
import dev.kumo.kube.NamedTables;
import dev.kumo.kube.ObjectName;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Secrets that listeners and Ingresses name, and no other: each is listed and watched by its name. Planning thread only, but
 * for {@link #rows}.
 */
@Singleton
public final class SecretTables {
    /** One that can't be read by then counts as missing, so that it holds up nobody else. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NamedTables<Secret, TlsSecret> tables;
    private final Map<ObjectName, Instant> asked = new HashMap<>();

    SecretTables(KubernetesClient client, TableSet all) {
        this.tables = new NamedTables<>(
                client,
                name -> TableSource.named("secrets", name, Secret.class, Secret::new, SecretReader::secret),
                all::signal);
    }

    /**
     * @param named all that are named now
     * @return how long plans have to wait for one that has just been named
     */
    Optional<Duration> follow(Set<ObjectKey> named, Instant now) {
        var names = named.stream()
                .map(key -> new ObjectName(key.namespace(), key.name()))
                .collect(Collectors.toSet());
        tables.follow(names);
        asked.keySet().retainAll(names);
        names.forEach(name -> asked.putIfAbsent(name, now));
        return tables.waitingFor().stream()
                .map(name -> Duration.between(now, asked.getOrDefault(name, now).plus(PATIENCE)))
                .filter(Duration::isPositive)
                .max(Duration::compareTo);
    }

    Collection<TlsSecret> rows() {
        return tables.rows();
    }

    @PreDestroy
    void close() {
        tables.close();
    }
}
