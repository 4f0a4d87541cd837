// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.app.GatewayConfig.ClusterwideEnvoyConfigs;
import dev.kumo.gateway.crd.CiliumClusterwideEnvoyConfig;
import dev.kumo.gateway.crd.CiliumEnvoyConfig;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigReader;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigRow;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Envoy configurations of both kinds, decoded once a change. */
@Singleton
public final class EnvoyConfigTables {
    private static final long PAGE = 500;

    private final KubeTable<Observed<EnvoyConfigRow>> namespaced;
    private final KubeTable<Observed<EnvoyConfigRow>> clusterwide;

    EnvoyConfigTables(TableSet all, GatewayConfig config) {
        boolean restricted = config.clusterwideEnvoyConfigs() == ClusterwideEnvoyConfigs.RESTRICTED;
        this.namespaced = all.add(source(GatewayKinds.ENVOY_CONFIG, CiliumEnvoyConfig.class, EnvoyConfigReader::read));
        this.clusterwide = all.add(source(
                GatewayKinds.CLUSTERWIDE_ENVOY_CONFIG,
                CiliumClusterwideEnvoyConfig.class,
                clusterwideConfig -> EnvoyConfigReader.read(clusterwideConfig, restricted)));
    }

    /** Of both kinds; a clusterwide one's namespace is empty. */
    SortedMap<ObjectKey, Observed<EnvoyConfigRow>> rows() {
        var rows = new TreeMap<ObjectKey, Observed<EnvoyConfigRow>>();
        namespaced.rows().values().forEach(row -> rows.put(row.view().view().key(), row));
        clusterwide.rows().values().forEach(row -> rows.put(row.view().view().key(), row));
        return rows;
    }

    Map<String, Observed<EnvoyConfigRow>> namespaced() {
        return namespaced.rows();
    }

    Map<String, Observed<EnvoyConfigRow>> clusterwide() {
        return clusterwide.rows();
    }

    private static <C extends HasMetadata> TableSource<GenericKubernetesResource, Observed<EnvoyConfigRow>> source(
            ResourceDefinitionContext kind, Class<C> type, Function<C, EnvoyConfigRow> read) {
        return new TableSource<>(
                kind.getPlural(),
                client ->
                        client.genericKubernetesResources(kind).inAnyNamespace().withLimit(PAGE),
                GenericKubernetesResource::new,
                (resource, serialization) -> {
                    EnvoyConfigRow row;
                    try {
                        row = read.apply(serialization.convertValue(resource, type));
                    } catch (IllegalArgumentException e) {
                        row = EnvoyConfigReader.undecodable(resource, firstLine(e.getMessage()));
                    }
                    return Observed.of(row, resource, resource.get("status"), serialization);
                });
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
