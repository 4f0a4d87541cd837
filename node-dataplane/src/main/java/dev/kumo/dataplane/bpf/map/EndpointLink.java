// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a pod's link may send, by the ifindex of its host side. Without an entry the pod sends nothing (ENDPOINT_UNKNOWN).
 *
 * @param address the only source address
 * @param identity the pod's
 * @param classNumber the pod's policy class, 0 allows everything
 */
@RegisterForReflection
public record EndpointLink(Address address, int identity, int classNumber) {}
