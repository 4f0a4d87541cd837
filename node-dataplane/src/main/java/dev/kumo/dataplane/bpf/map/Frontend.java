// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Where a frontend's traffic goes.
 *
 * @param service the node's own number of the Service, for affinity and source ranges
 * @param set the node's own number of the backend set
 * @param count backends in the set; 0 refuses new flows
 * @param flags sum of the constants
 * @param affinitySeconds how long a client keeps its backend, with {@link #AFFINITY}
 * @param slot the L7 slot, 0 for none
 */
@RegisterForReflection
public record Frontend(int service, int set, int count, int flags, int affinitySeconds, int slot) {
    /** A client keeps its backend. */
    public static final int AFFINITY = 1;
    /** Only clients of the Service's source ranges are served. */
    public static final int SOURCE_RANGES = 2;
    /** externalTrafficPolicy Local: all backends are this node's, the client's address is kept. */
    public static final int LOCAL_BACKENDS = 4;
    /** A pod's hostPort. */
    public static final int HOST_PORT = 8;
    /** A NodePort on one of the node's addresses. */
    public static final int NODE_PORT = 16;
}
