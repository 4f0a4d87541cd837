// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.TrafficControl;
import dev.kumo.dataplane.bpf.jna.TrafficControl.Direction;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.MetricKey;
import dev.kumo.dataplane.bpf.map.MetricValue;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/** The datapath by its pins. */
final class PinnedDatapath implements Datapath {
    private static final Logger LOG = Logger.getLogger(PinnedDatapath.class);
    private static final int ENOENT = 2;
    private static final int ENODEV = 19;
    private static final int EINVAL = 22;

    private final Pins pins;
    private final Map<String, MapDeclaration> declarations;
    private final Map<String, PinnedProgram> programs;
    private final List<Integer> mapDescriptors = new ArrayList<>();
    private final SocketHooks sockets;
    private final KernelMap<Address, Endpoint> endpoints;
    private final KernelMap<Integer, EndpointLink> endpointLinks;
    private final KernelMap<PrefixKey, Peer> addresses;
    private final KernelMap<FrontendKey, Frontend> frontends;
    private final KernelMap<BackendSlot, Integer> backendSets;
    private final KernelMap<Integer, Backend> backends;
    private final KernelMap<SourceRangeKey, Integer> sourceRanges;
    private final KernelMap<Integer, PolicyClass> classes;
    private final MapOfMaps<Integer, PolicyKey, PolicyEntry> policies;
    private final KernelMap<Integer, SlotPort> slots;
    private final KernelMap<AnnouncementKey, Announcement> announcements;
    private final KernelMap<MetricKey, MetricValue> metrics;

    PinnedDatapath(Pins pins, Map<String, MapDeclaration> declarations, Map<String, PinnedProgram> programs) {
        this.pins = pins;
        this.declarations = Map.copyOf(declarations);
        this.programs = Map.copyOf(programs);
        sockets = new SocketHooks(pins.links());
        endpoints = map("endpoints", Address.class, Endpoint.class);
        endpointLinks = map("endpoint_links", Integer.class, EndpointLink.class);
        addresses = map("addresses", PrefixKey.class, Peer.class);
        frontends = map("frontends", FrontendKey.class, Frontend.class);
        backendSets = map("backend_sets", BackendSlot.class, Integer.class);
        backends = map("backends", Integer.class, Backend.class);
        sourceRanges = map("source_ranges", SourceRangeKey.class, Integer.class);
        classes = map("classes", Integer.class, PolicyClass.class);
        policies = new PinnedMapOfMaps<>(
                declaration("policies"), descriptor("policies"), Integer.class, PolicyKey.class, PolicyEntry.class);
        slots = map("slots", Integer.class, SlotPort.class);
        announcements = map("announcements", AnnouncementKey.class, Announcement.class);
        metrics = new MetricsMap(declaration("metrics"), descriptor("metrics"));
    }

    @Override
    public KernelMap<Address, Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public KernelMap<Integer, EndpointLink> endpointLinks() {
        return endpointLinks;
    }

    @Override
    public KernelMap<PrefixKey, Peer> addresses() {
        return addresses;
    }

    @Override
    public KernelMap<FrontendKey, Frontend> frontends() {
        return frontends;
    }

    @Override
    public KernelMap<BackendSlot, Integer> backendSets() {
        return backendSets;
    }

    @Override
    public KernelMap<Integer, Backend> backends() {
        return backends;
    }

    @Override
    public KernelMap<SourceRangeKey, Integer> sourceRanges() {
        return sourceRanges;
    }

    @Override
    public KernelMap<Integer, PolicyClass> classes() {
        return classes;
    }

    @Override
    public MapOfMaps<Integer, PolicyKey, PolicyEntry> policies() {
        return policies;
    }

    @Override
    public KernelMap<Integer, SlotPort> slots() {
        return slots;
    }

    @Override
    public KernelMap<AnnouncementKey, Announcement> announcements() {
        return announcements;
    }

    @Override
    public KernelMap<MetricKey, MetricValue> metrics() {
        return metrics;
    }

    @Override
    public void attachPod(int ifindex) {
        attach(ifindex, Direction.INGRESS, "from_pod");
        attach(ifindex, Direction.EGRESS, "to_pod");
    }

    @Override
    public void attachNetdev(int ifindex) {
        attach(ifindex, Direction.INGRESS, "from_netdev");
        attach(ifindex, Direction.EGRESS, "to_netdev");
    }

    @Override
    public void attachOverlay(int ifindex) {
        attach(ifindex, Direction.INGRESS, "from_overlay");
        attach(ifindex, Direction.EGRESS, "to_overlay");
    }

    @Override
    public void attachSockets(Path cgroup) {
        sockets.attach(cgroup, programs.values());
    }

    @Override
    public void detach(int ifindex) {
        for (var direction : Direction.values()) {
            int result = TrafficControl.detach(ifindex, direction);
            if (result < 0 && result != -ENOENT && result != -ENODEV && result != -EINVAL) {
                throw new BpfException("tc_detach", direction + " of ifindex " + ifindex, -result);
            }
        }
    }

    @Override
    public void removeStalePins() {
        Set<Path> used = new HashSet<>();
        declarations.values().forEach(map -> used.add(pins.maps().resolve(map.pinName())));
        programs.values().forEach(program -> used.add(program.pin()));
        // Programs first: a program's pin promises that its maps' pins are there.
        for (var directory : List.of(pins.programs(), pins.maps())) {
            for (var pin : Pins.in(directory)) {
                if (!used.contains(pin)) {
                    LOG.infof("stale pin %s removed", pin);
                    Pins.remove(pin);
                }
            }
        }
    }

    @Override
    public void close() {
        programs.values().forEach(program -> BpfSyscall.close(program.fd()));
        mapDescriptors.forEach(BpfSyscall::close);
    }

    /** The program of a name. */
    PinnedProgram program(String name) {
        var program = programs.get(name);
        if (program == null) {
            throw new BpfException("find_program", name, 0, "no object has it");
        }
        return program;
    }

    /** A descriptor of one of the maps, closed with the datapath. */
    int descriptor(String name) {
        int fd = BpfSyscall.get(pins.maps().resolve(declaration(name).pinName()));
        if (fd < 0) {
            throw new BpfException("get", "map " + name, -fd);
        }
        mapDescriptors.add(fd);
        return fd;
    }

    private MapDeclaration declaration(String name) {
        var declaration = declarations.get(name);
        if (declaration == null) {
            throw new LayoutException("no object declares map " + name);
        }
        return declaration;
    }

    private <K, V> KernelMap<K, V> map(String name, Class<K> key, Class<V> value) {
        return new PinnedMap<>(declaration(name), descriptor(name), key, value);
    }

    private void attach(int ifindex, Direction direction, String name) {
        var program = program(name);
        if (TrafficControl.query(ifindex, direction) == program.id()) {
            return;
        }
        int result = TrafficControl.attach(ifindex, direction, program.fd());
        if (result < 0) {
            throw new BpfException("tc_attach", name + " to ifindex " + ifindex, -result);
        }
    }
}
