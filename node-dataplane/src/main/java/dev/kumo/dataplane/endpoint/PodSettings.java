// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.link.PodLink;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What all pods of the node have in common.
 *
 * @param nodeAddress the source address of the node's own traffic to its pods
 * @param mtu of pods' links, bytes
 * @param identityPatience how long an ADD waits for the pod's identity
 */
public record PodSettings(Address nodeAddress, int mtu, Duration identityPatience) {
    /** Less than a runtime's patience with a plugin, so that the pod's failure names its reason. */
    public static final Duration IDENTITY_PATIENCE = Duration.ofSeconds(20);

    PodLink link(PodEndpoint endpoint) {
        return new PodLink(
                endpoint.attachment().hostName(),
                Path.of(endpoint.place().netns()),
                endpoint.attachment().ifname(),
                endpoint.address(),
                nodeAddress,
                mtu);
    }
}
