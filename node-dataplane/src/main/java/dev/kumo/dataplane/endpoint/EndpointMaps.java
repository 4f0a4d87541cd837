// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.reconcile.MapFailure;
import dev.kumo.dataplane.reconcile.MapPass;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An endpoint's two map entries: what its link may send, then who is delivered to. Written in this order and removed in
 * reverse, so that no packet reaches a pod that could not answer. Apply-loop thread only.
 */
final class EndpointMaps {
    private final ReconciledMap<Integer, EndpointLink> links;
    private final ReconciledMap<Address, Endpoint> endpoints;

    EndpointMaps(Datapath datapath) {
        links = new ReconciledMap<>(datapath.endpointLinks());
        endpoints = new ReconciledMap<>(datapath.endpoints());
    }

    /** Reads what an earlier process left; what nobody asks for from now on is swept by {@link #apply}. */
    void load() {
        links.load();
        endpoints.load();
    }

    /** Entries of links that an earlier process made, by ifindex. */
    Map<Integer, EndpointLink> found() {
        return Map.copyOf(links.kernel());
    }

    /** Leaves an entry alone whose owner isn't known. */
    void keep(int ifindex, EndpointLink link) {
        links.setDesired(ifindex, link);
        endpoints.kernel().forEach((address, endpoint) -> {
            if (endpoint.ifindex() == ifindex) {
                endpoints.setDesired(address, endpoint);
            }
        });
    }

    void set(PodEndpoint endpoint) {
        if (!endpoint.security().known()) {
            remove(endpoint.address(), endpoint.place().ifindex());
            return;
        }
        links.setDesired(endpoint.place().ifindex(), endpoint.toEndpointLink());
        endpoints.setDesired(endpoint.address(), endpoint.toEndpoint());
    }

    /** An entry that another link has taken over is left alone. */
    void remove(Address address, int ifindex) {
        if (endpoints
                .desired(address)
                .filter(entry -> entry.ifindex() != ifindex)
                .isEmpty()) {
            endpoints.removeDesired(address);
        }
        links.removeDesired(ifindex);
    }

    /** Removes whatever a link has. */
    void removeLink(int ifindex) {
        var link = links.kernel().get(ifindex);
        if (link != null) {
            remove(link.address(), ifindex);
        }
    }

    /** Whether the kernel holds what is asked for; reads it. */
    boolean holds(PodEndpoint endpoint, Datapath datapath) {
        var link = datapath.endpointLinks().lookup(endpoint.place().ifindex());
        var entry = datapath.endpoints().lookup(endpoint.address());
        return link.filter(endpoint.toEndpointLink()::equals).isPresent()
                && entry.filter(endpoint.toEndpoint()::equals).isPresent();
    }

    /** Writes, then deletes. */
    Pass apply(Slice slice) {
        var linked = links.applyUpdates(slice);
        var delivered = endpoints.applyUpdates(slice);
        return Pass.of(linked, delivered).and(applyDeletes(slice));
    }

    /** What nobody is delivered to any more, then what nobody sends from. */
    Pass applyDeletes(Slice slice) {
        var undelivered = endpoints.applyDeletes(slice);
        var unlinked = links.applyDeletes(slice);
        return Pass.of(unlinked, undelivered);
    }

    /** Whether every pending entry was tried, and which failed. */
    record Pass(boolean complete, List<MapFailure<?>> failures) {
        static Pass of(MapPass<Integer> links, MapPass<Address> endpoints) {
            return new Pass(
                    links.complete() && endpoints.complete(),
                    Stream.<MapFailure<?>>concat(links.failures().stream(), endpoints.failures().stream())
                            .toList());
        }

        Pass and(Pass other) {
            return new Pass(
                    complete && other.complete,
                    Stream.concat(failures.stream(), other.failures.stream()).toList());
        }

        /** A failure of one endpoint's entries, if any. */
        Optional<MapFailure<?>> of(PodEndpoint endpoint) {
            return failures.stream()
                    .filter(failure -> failure.key().equals(endpoint.address())
                            || failure.key().equals(endpoint.place().ifindex()))
                    .findFirst();
        }
    }
}
