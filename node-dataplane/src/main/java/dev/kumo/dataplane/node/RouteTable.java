// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.link.Route;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Our routes through some devices as a map, so that they are reconciled like one. Pods' own routes aren't among them. */
public final class RouteTable implements KernelMap<Range, Route> {
    private final Links links;
    private final Set<Integer> devices;

    /** Routes through the devices that other nodes are behind. */
    public RouteTable(NodeNetwork network, Links links) {
        this.links = links;
        this.devices = Stream.concat(network.devices().stream(), Stream.of(network.overlay()))
                .map(Link::index)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<Route> lookup(Range destination) {
        return Optional.ofNullable(read().get(destination));
    }

    @Override
    public void update(Range destination, Route route) {
        links.replaceRoute(route);
    }

    @Override
    public boolean delete(Range destination) {
        return links.deleteRoute(destination.address(), destination.bits());
    }

    @Override
    public void forEach(BiConsumer<? super Range, ? super Route> visitor) {
        read().forEach(visitor);
    }

    private Map<Range, Route> read() {
        return links.routes().stream()
                .filter(route -> devices.contains(route.ifindex()))
                .collect(Collectors.toMap(
                        route -> new Range(route.destination(), route.bits()), route -> route, (first, _) -> first));
    }
}
