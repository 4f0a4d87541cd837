// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A peer known by role rather than by labels or address. */
public enum Entity {
    @JsonProperty("all")
    ALL,
    @JsonProperty("world")
    WORLD,
    @JsonProperty("world-ipv4")
    WORLD_IPV4,
    @JsonProperty("world-ipv6")
    WORLD_IPV6,
    @JsonProperty("cluster")
    CLUSTER,
    @JsonProperty("cluster-mesh")
    CLUSTER_MESH,
    @JsonProperty("host")
    HOST,
    @JsonProperty("remote-node")
    REMOTE_NODE,
    @JsonProperty("init")
    INIT,
    @JsonProperty("ingress")
    INGRESS,
    @JsonProperty("health")
    HEALTH,
    @JsonProperty("unmanaged")
    UNMANAGED,
    @JsonProperty("none")
    NONE,
    @JsonProperty("kube-apiserver")
    KUBE_APISERVER
}
