// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.envoy.SocketMark;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/** Lets a cluster's connections leave from the node's ingress address, as identity ingress. Pure. */
final class ClusterSource {
    private ClusterSource() {}

    static Cluster from(Cluster cluster, Address ingress) {
        return cluster.toBuilder()
                .setUpstreamBindConfig(BindConfig.newBuilder()
                        .setSourceAddress(SocketAddress.newBuilder()
                                .setAddress(ingress.toString())
                                .setPortValue(0))
                        .addSocketOptions(SocketMark.GATEWAY_UPSTREAM.option()))
                .build();
    }
}
