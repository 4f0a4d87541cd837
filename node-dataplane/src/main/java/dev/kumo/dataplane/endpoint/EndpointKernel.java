// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.link.PodInterface;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.dataplane.reconcile.MapFailure;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The kernel's part of an endpoint: its link, the programs on it and its map entries. Apply-loop thread only. */
final class EndpointKernel {
    private final Links links;
    private final Datapath datapath;
    private final EndpointMaps maps;
    private final PodSettings settings;

    EndpointKernel(Links links, Datapath datapath, EndpointMaps maps, PodSettings settings) {
        this.links = links;
        this.datapath = datapath;
        this.maps = maps;
        this.settings = settings;
    }

    PodSettings settings() {
        return settings;
    }

    /** Makes the link with programs on it and no map entry: the pod can neither send nor be reached. Returns the ifindex. */
    int create(PodEndpoint endpoint) {
        var link = links.createPod(settings.link(endpoint));
        datapath.attachPod(link.index());
        return link.index();
    }

    /** Opens the link for just what the endpoint's identity may. */
    void install(PodEndpoint endpoint) {
        maps.set(endpoint);
        requireNone(maps.apply(Slice.unlimited()).of(endpoint));
    }

    /** Whether the link that the endpoint's record names is still there. */
    boolean isThere(PodEndpoint endpoint) {
        return find(endpoint)
                .filter(link -> link.index() == endpoint.place().ifindex())
                .isPresent();
    }

    /** Puts this process's programs on the link, in place of an earlier one's. */
    void guard(PodEndpoint endpoint) {
        datapath.attachPod(endpoint.place().ifindex());
    }

    /** Removes map entries, then the link, as far as they are there. */
    void remove(PodEndpoint endpoint) {
        maps.remove(endpoint.address(), endpoint.place().ifindex());
        var failure = maps.applyDeletes(Slice.unlimited()).of(endpoint);
        removeLink(endpoint.attachment().hostName());
        requireNone(failure);
    }

    /** Removes a link that no record tells of, with what the maps hold for it. */
    void removeLink(String hostName) {
        links.find(hostName).ifPresent(link -> {
            maps.removeLink(link.index());
            maps.applyDeletes(Slice.unlimited());
            links.delete(hostName);
        });
    }

    Optional<Link> find(PodEndpoint endpoint) {
        return links.find(endpoint.attachment().hostName());
    }

    /** All links that can be pods'. */
    List<Link> podLinks() {
        return links.list().stream()
                .filter(link -> link.name().startsWith(PodLink.PREFIX))
                .toList();
    }

    /** @throws EndpointException naming the first thing that isn't as it was made */
    void check(PodEndpoint endpoint) {
        var host = find(endpoint);
        require(host.isPresent(), "link " + endpoint.attachment().hostName() + " is gone");
        require(
                host.orElseThrow().index() == endpoint.place().ifindex(),
                "link " + endpoint.attachment().hostName() + " is another one");
        require(host.orElseThrow().up(), "link " + endpoint.attachment().hostName() + " is down");
        var pod = links.inspectPod(
                Path.of(endpoint.place().netns()), endpoint.attachment().ifname());
        require(pod.isPresent(), endpoint.attachment().ifname() + " is gone from the pod");
        checkPodSide(endpoint, pod.orElseThrow());
        require(
                !endpoint.security().known() || maps.holds(endpoint, datapath),
                "the kernel's maps don't hold " + endpoint.address());
    }

    private static void checkPodSide(PodEndpoint endpoint, PodInterface pod) {
        var ifname = endpoint.attachment().ifname();
        require(pod.peerIndex() == endpoint.place().ifindex(), ifname + " of the pod is another one");
        require(pod.link().up(), ifname + " of the pod is down");
        require(pod.addresses().contains(endpoint.address()), ifname + " of the pod has lost " + endpoint.address());
        require(pod.hasDefaultRoute(), "the pod's default route is gone");
    }

    private static void requireNone(Optional<MapFailure<?>> failure) {
        if (failure.isPresent()) {
            throw new EndpointException(failure.get().reason(), failure.get().message());
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new EndpointException(Reason.INTERFACE_CONFLICT, otherwise);
        }
    }
}
