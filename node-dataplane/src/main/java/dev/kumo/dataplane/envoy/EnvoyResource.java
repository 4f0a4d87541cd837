// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.stream.ContentHash;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.HexFormat;

/**
 * One Envoy v3 resource; immutable.
 *
 * @param version hash of the content: the same on every node and after every restart, so that an Envoy that stayed up is
 *     sent only what differs
 * @param endpoints for a cluster that takes its endpoints by ADS their resource's name, else empty
 */
public record EnvoyResource(ResourceName name, String version, Any body, String endpoints) {
    /** @throws IllegalArgumentException if the body is not of the type, or can't be decoded */
    public static EnvoyResource of(ResourceName name, Any body) {
        if (!body.getTypeUrl().equals(name.type().typeUrl())) {
            throw new IllegalArgumentException(name + " is a " + body.getTypeUrl());
        }
        var version = HexFormat.of().toHexDigits(ContentHash.of(body.getValue()));
        return new EnvoyResource(name, version, body, name.type() == ResourceType.CLUSTER ? endpointsOf(body) : "");
    }

    private static String endpointsOf(Any body) {
        try {
            var cluster = Cluster.parseFrom(body.getValue());
            if (cluster.getType() != Cluster.DiscoveryType.EDS
                    || !cluster.getEdsClusterConfig().getEdsConfig().hasAds()) {
                return "";
            }
            var service = cluster.getEdsClusterConfig().getServiceName();
            return service.isEmpty() ? cluster.getName() : service;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a cluster", e);
        }
    }
}
