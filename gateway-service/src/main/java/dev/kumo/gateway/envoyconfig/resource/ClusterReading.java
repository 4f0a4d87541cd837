// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.NOT_ALLOWED;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.UNRESOLVED_REFERENCE;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.kumo.gateway.envoyconfig.model.BackendRef;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.Map;

/**
 * Reads where a cluster's endpoints come from. One of type EDS is given those of the Service that its service name, else its own
 * name, stands for.
 *
 * @param discovered gets the Service of each such cluster
 */
record ClusterReading(Scope scope, Faults faults, Map<String, BackendRef> discovered) {
    private static final int CONNECT_SECONDS = 5;

    /** A cluster that a route names by its Service only. */
    static EnvoyMessage made(String name, String path) {
        var cluster = Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(Rewriting.ADS))
                .setConnectTimeout(Durations.fromSeconds(CONNECT_SECONDS))
                .build();
        return new EnvoyMessage(ResourceKind.CLUSTER, name, path, cluster, false);
    }

    /** Any resource; what isn't a cluster stays as it is. */
    EnvoyMessage read(EnvoyMessage resource) {
        if (resource.kind() != ResourceKind.CLUSTER) {
            return resource;
        }
        var cluster = cluster(resource.message());
        if (cluster.getType() != Cluster.DiscoveryType.EDS || cluster.hasClusterType()) {
            if (scope.restricted()) {
                faults.add(NOT_ALLOWED, resource.path() + ".type", "endpoints come from Services only: type EDS");
            }
            return resource;
        }
        var eds = cluster.getEdsClusterConfig();
        if (eds.hasEdsConfig() && !Rewriting.isAds(eds.getEdsConfig())) {
            return resource;
        }
        var service = eds.getServiceName().isEmpty() ? scope.names().local(resource.name()) : eds.getServiceName();
        var backend = BackendRef.parse(service).filter(ref -> scope.services().contains(ref.service()));
        if (backend.isEmpty()) {
            faults.add(
                    UNRESOLVED_REFERENCE,
                    resource.path(),
                    "\"%s\" is none of the listed Services, as namespace/name or namespace/name:port"
                            .formatted(service));
            return resource;
        }
        discovered.put(resource.name(), backend.get());
        return resource.with(cluster.toBuilder()
                .setEdsClusterConfig(
                        eds.toBuilder().clearServiceName().setEdsConfig(Rewriting.completed(eds.getEdsConfig())))
                .build());
    }

    /** The cluster with its Service's endpoints: those of {@code namespace/service:port}, or none if that is empty. */
    static EnvoyMessage resolved(EnvoyMessage resource, String serviceName) {
        var cluster = cluster(resource.message()).toBuilder();
        if (serviceName.isEmpty()) {
            cluster.setType(Cluster.DiscoveryType.STATIC).clearEdsClusterConfig();
        } else {
            cluster.getEdsClusterConfigBuilder().setServiceName(serviceName);
        }
        return resource.with(cluster.build());
    }

    private static Cluster cluster(Message message) {
        return Anys.as(Cluster.getDefaultInstance(), message);
    }
}
