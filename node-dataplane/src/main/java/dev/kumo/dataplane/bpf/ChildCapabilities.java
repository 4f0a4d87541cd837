// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.Capabilities;

/** What programs that this process starts may do. */
public final class ChildCapabilities {
    private static final int CAP_NET_ADMIN = 12;

    private ChildCapabilities() {}

    /**
     * Programs that the calling thread starts from now on have CAP_NET_ADMIN alone (IP_TRANSPARENT, SO_MARK), whoever they run as;
     * the thread itself keeps what it has.
     *
     * @throws IllegalStateException if the kernel refuses
     */
    public static void netAdminAlone() {
        Capabilities.bound(CAP_NET_ADMIN);
    }
}
