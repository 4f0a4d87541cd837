// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.Entity;
import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.Selector;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Cilium's entities as peers. */
final class EntityPeers {
    private static final String CLUSTER = "io.cilium.k8s.policy.cluster";

    private EntityPeers() {}

    static Stream<Peer> of(Entity entity) {
        return switch (entity) {
            case ALL -> Stream.of(new Peer.Any());
            case WORLD -> reserved("world");
            case WORLD_IPV4 -> Stream.of(new Peer.Cidr(CidrBlock.IPV4, new TreeSet<>()));
            case WORLD_IPV6 -> Stream.of(new Peer.Cidr(CidrBlock.EVERYTHING, new TreeSet<>(List.of(CidrBlock.IPV4))));
            // One cluster is all of the mesh that there is.
            case CLUSTER, CLUSTER_MESH ->
                Stream.concat(
                        reserved("host", "remote-node", "init", "ingress", "health", "unmanaged", "kube-apiserver"),
                        Stream.of(new Peer.Labels(Selector.of(Requirement.exists(Requirement.KUBERNETES, CLUSTER)))));
            case HOST -> reserved("host");
            case REMOTE_NODE -> reserved("remote-node");
            case INIT -> reserved("init");
            case INGRESS -> reserved("ingress");
            case HEALTH -> reserved("health");
            case UNMANAGED -> reserved("unmanaged");
            case KUBE_APISERVER -> reserved("kube-apiserver");
            case NONE -> Stream.empty();
        };
    }

    private static Stream<Peer> reserved(String... names) {
        return Stream.of(names)
                .map(name -> new Peer.Labels(Selector.of(Requirement.exists(Requirement.RESERVED, name))));
    }
}
