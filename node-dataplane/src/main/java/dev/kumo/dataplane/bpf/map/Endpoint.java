// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A pod of this node, by its address. Without an entry nothing is delivered to it.
 *
 * @param ifindex the host side of its link
 * @param classNumber its policy class, 0 allows everything
 * @param mac the pod's side
 * @param hostMac the host's side
 */
@RegisterForReflection
public record Endpoint(int ifindex, int identity, int classNumber, int flags, MacAddress mac, MacAddress hostMac) {}
