// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.MapOfMaps;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.bpf.map.MetricKey;
import dev.kumo.dataplane.bpf.map.MetricValue;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.LinkEvent;
import dev.kumo.dataplane.link.LinkException;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.link.OverlayLink;
import dev.kumo.dataplane.link.PodInterface;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.dataplane.link.Route;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Pods' links and map entries in memory, as a process finds them and leaves them. It tells a watcher before each change, and
 * fails itself if a pod could be reached before it could answer, or before programs guard its link.
 */
public final class FakeKernel implements Links, Datapath {
    private static final int ENODEV = 19;

    private final FakeKernelMap<Address, Endpoint> endpoints = new FakeKernelMap<>("endpoints");
    private final FakeKernelMap<Integer, EndpointLink> endpointLinks = new FakeKernelMap<>("endpoint_links");
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Map<String, PodLink> pods = new ConcurrentHashMap<>();
    private final Set<Integer> guarded = ConcurrentHashMap.newKeySet();
    private final Set<Path> namespaces = ConcurrentHashMap.newKeySet();
    private Runnable watcher = () -> {};
    private int lastIndex = 10;
    private boolean refusesPrograms;

    public FakeKernel() {
        endpointLinks.watch((index, entry) -> {
            watcher.run();
            require(entry.isEmpty() || guarded.contains(index), "an entry before the programs of link " + index);
        });
        endpoints.watch((address, entry) -> {
            watcher.run();
            entry.ifPresent(endpoint -> require(
                    endpointLinks.lookup(endpoint.ifindex()).isPresent(), address + " reachable before it can answer"));
        });
    }

    /** The state of this moment, for another process. */
    public synchronized FakeKernel copy() {
        var copy = new FakeKernel();
        copy.links.putAll(links);
        copy.pods.putAll(pods);
        copy.guarded.addAll(guarded);
        copy.namespaces.addAll(namespaces);
        copy.lastIndex = lastIndex;
        endpointLinks.forEach(copy.endpointLinks::update);
        endpoints.forEach(copy.endpoints::update);
        return copy;
    }

    /** Called before each change. */
    public void watch(Runnable to) {
        watcher = to;
    }

    public void addNamespace(String path) {
        namespaces.add(Path.of(path));
    }

    /** A namespace that goes takes its links along; map entries stay. */
    public void removeNamespace(String path) {
        namespaces.remove(Path.of(path));
        pods.values().stream()
                .filter(pod -> pod.netns().equals(Path.of(path)))
                .toList()
                .forEach(pod -> drop(pod.hostName()));
    }

    public void refusePrograms(boolean refuses) {
        refusesPrograms = refuses;
    }

    public Set<String> linkNames() {
        return new TreeSet<>(links.keySet());
    }

    /** Whether nothing of any pod is left. */
    public boolean isEmpty() {
        return links.isEmpty()
                && endpoints.contents().isEmpty()
                && endpointLinks.contents().isEmpty();
    }

    @Override
    public synchronized Link createPod(PodLink pod) {
        watcher.run();
        if (!namespaces.contains(pod.netns())) {
            throw new LinkException(Reason.NETNS_GONE, pod.netns() + " is gone");
        }
        if (links.containsKey(pod.hostName())) {
            throw new LinkException(Reason.INTERFACE_CONFLICT, pod.hostName() + " exists");
        }
        var link = new Link(++lastIndex, pod.hostName(), MacAddress.HOST_SIDE, pod.mtu(), true, true, "veth");
        links.put(pod.hostName(), link);
        pods.put(pod.hostName(), pod);
        return link;
    }

    @Override
    public void attachPod(int ifindex) {
        watcher.run();
        if (refusesPrograms) {
            throw new BpfException("tc_attach", "link " + ifindex, ENODEV);
        }
        guarded.add(ifindex);
    }

    @Override
    public boolean delete(String name) {
        watcher.run();
        find(name)
                .ifPresent(link ->
                        require(endpointLinks.lookup(link.index()).isEmpty(), name + " goes before its map entry"));
        return drop(name);
    }

    @Override
    public void holdAddress(Address address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Link> find(String name) {
        return Optional.ofNullable(links.get(name));
    }

    @Override
    public Optional<Link> find(int index) {
        return links.values().stream().filter(link -> link.index() == index).findFirst();
    }

    @Override
    public List<Link> list() {
        return List.copyOf(links.values());
    }

    @Override
    public Optional<PodInterface> inspectPod(Path netns, String podName) {
        if (!namespaces.contains(netns)) {
            throw new LinkException(Reason.NETNS_GONE, netns + " is gone");
        }
        return pods.values().stream()
                .filter(pod -> pod.netns().equals(netns) && pod.podName().equals(podName))
                .findFirst()
                .map(pod -> new PodInterface(
                        new Link(2, podName, pod.podMac(), pod.mtu(), true, true, "veth"),
                        links.get(pod.hostName()).index(),
                        List.of(pod.address()),
                        true));
    }

    @Override
    public FakeKernelMap<Address, Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public FakeKernelMap<Integer, EndpointLink> endpointLinks() {
        return endpointLinks;
    }

    @Override
    public void close() {}

    private boolean drop(String name) {
        pods.remove(name);
        return links.remove(name) != null;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("endpoints don't need it");
    }

    @Override
    public Optional<Link> findByAddress(Address address) {
        throw unused();
    }

    @Override
    public Link ensureOverlay(OverlayLink overlay) {
        throw unused();
    }

    @Override
    public void prepareNode() {
        throw unused();
    }

    @Override
    public void releaseNode() {
        throw unused();
    }

    @Override
    public void replaceRoute(Route route) {
        throw unused();
    }

    @Override
    public boolean deleteRoute(Address destination, int bits) {
        throw unused();
    }

    @Override
    public List<Route> routes() {
        throw unused();
    }

    @Override
    public AutoCloseable watch(Consumer<LinkEvent> listener) {
        throw unused();
    }

    @Override
    public KernelMap<PrefixKey, Peer> addresses() {
        throw unused();
    }

    @Override
    public KernelMap<FrontendKey, Frontend> frontends() {
        throw unused();
    }

    @Override
    public KernelMap<BackendSlot, Integer> backendSets() {
        throw unused();
    }

    @Override
    public KernelMap<Integer, Backend> backends() {
        throw unused();
    }

    @Override
    public KernelMap<SourceRangeKey, Integer> sourceRanges() {
        throw unused();
    }

    @Override
    public KernelMap<Integer, PolicyClass> classes() {
        throw unused();
    }

    @Override
    public MapOfMaps<Integer, PolicyKey, PolicyEntry> policies() {
        throw unused();
    }

    @Override
    public KernelMap<Integer, SlotPort> slots() {
        throw unused();
    }

    @Override
    public KernelMap<AnnouncementKey, Announcement> announcements() {
        throw new UnsupportedOperationException();
    }

    @Override
    public KernelMap<MetricKey, MetricValue> metrics() {
        throw unused();
    }

    @Override
    public void attachNetdev(int ifindex) {
        throw unused();
    }

    @Override
    public void attachOverlay(int ifindex) {
        throw unused();
    }

    @Override
    public void attachSockets(Path cgroup) {
        throw unused();
    }

    @Override
    public void detach(int ifindex) {
        throw unused();
    }

    @Override
    public void removeStalePins() {
        throw unused();
    }
}
