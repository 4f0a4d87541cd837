// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import inet.ipaddr.IPAddress;
import java.util.Comparator;

/**
 * A node's word that a pod of its own has an address.
 *
 * @param installedIdentity the identity that the node has installed for it; 0 while it waits for one
 */
public record Claim(String node, String podUid, String namespace, String pod, IPAddress address, int installedIdentity)
        implements Comparable<Claim> {
    /** Stands for whatever identity the pod has: it runs with its address, so the node has installed it. */
    public static final int ANY_INSTALLED = -1;

    private static final Comparator<Claim> ORDER = Comparator.comparing(Claim::podUid)
            .thenComparing(Claim::node)
            .thenComparing(Claim::address)
            .thenComparing(Claim::installedIdentity);

    /** Whether the node has installed this identity for the pod. */
    public boolean hasInstalled(int identity) {
        return installedIdentity == identity || installedIdentity == ANY_INSTALLED;
    }

    @Override
    public int compareTo(Claim other) {
        return ORDER.compare(this, other);
    }
}
