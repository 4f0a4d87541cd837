// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.model.SecurityLabels;
import inet.ipaddr.IPAddress;

/**
 * A pod with an address and an identity.
 *
 * @param installed whether the node has installed just this identity already
 */
public record PlannedEndpoint(
        String podUid,
        String namespace,
        String pod,
        String node,
        IPAddress address,
        int identity,
        SecurityLabels labels,
        boolean installed) {}
