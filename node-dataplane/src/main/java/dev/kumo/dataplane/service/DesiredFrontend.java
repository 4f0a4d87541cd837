// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import java.util.Comparator;
import java.util.List;

/**
 * A frontend that an owner asks for, before numbers are given to it.
 *
 * @param origin which field of the owner asks for it
 * @param flags of {@link dev.kumo.dataplane.bpf.map.Frontend}
 * @param affinitySeconds 0 without affinity
 * @param backends sorted by address and port; empty refuses new flows
 * @param slot of Envoy's listener that serves it in their place; 0 if none does
 */
public record DesiredFrontend(
        FrontendKey key, Owner owner, Origin origin, int flags, int affinitySeconds, List<Backend> backends, int slot)
        implements Comparable<DesiredFrontend> {
    static final Comparator<Backend> BACKENDS = Comparator.comparing(Backend::address)
            .thenComparing(Backend::port)
            .thenComparing(Backend::protocol)
            .thenComparing(Backend::flags);

    private static final Comparator<DesiredFrontend> ORDER = Comparator.comparing(DesiredFrontend::origin)
            .thenComparing(DesiredFrontend::owner)
            .thenComparing(
                    frontend -> frontend.backends.isEmpty() ? null : frontend.backends.getFirst(),
                    Comparator.nullsLast(BACKENDS));

    /** In this order a frontend that several ask for is given away. */
    public enum Origin {
        CLUSTER_IP,
        LOAD_BALANCER,
        EXTERNAL_IP,
        NODE_PORT,
        /** A host port on one named address; it goes before one on all addresses. */
        HOST_ADDRESS_PORT,
        HOST_PORT,
        /** Marks an address of which all ports without a frontend are dropped. Any number may ask for the same one. */
        ADDRESS
    }

    public DesiredFrontend {
        backends = backends.stream().sorted(BACKENDS).distinct().toList();
    }

    /** The marker of an address of Services. */
    static DesiredFrontend marker(FrontendKey key, Owner owner) {
        return new DesiredFrontend(key, owner, Origin.ADDRESS, 0, 0, List.of(), 0);
    }

    boolean isMarker() {
        return origin == Origin.ADDRESS;
    }

    /** Smallest first is served. */
    @Override
    public int compareTo(DesiredFrontend other) {
        return ORDER.compare(this, other);
    }
}
