// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

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

/**
 * The loaded datapath: maps to fill, hooks to occupy. Pinned in bpffs, so it goes on without this process and the next one
 * finds the same maps and programs. Attaching is idempotent: a hook that already runs the right program is left alone, one that
 * runs an older program of ours is replaced in place. Platform threads only, the apply loop as a rule.
 *
 * <p>{@link #close} lets go of the file descriptors; traffic is not touched.
 */
public interface Datapath extends AutoCloseable {
    /**
     * Loads the objects of a folder with a config, or adopts them where the pins are of the same objects and config. Hooks stay
     * as they are until something is attached.
     *
     * @param objects a folder of {@code .bpf.o} files
     * @param pins a folder in bpffs, made if need be; absolute, without dots
     * @throws BpfException if the kernel refuses, with the verifier's last words
     * @throws LayoutException if C and Java disagree on a layout
     */
    static Datapath load(Path objects, Path pins, NodeConfig config) {
        return new DatapathLoader(new Pins(pins), config).load(objects);
    }

    /** Frees every hook that the pinned programs occupy and removes all pins; may be repeated. */
    static void remove(Path pins) {
        new DatapathRemoval(pins).run();
    }

    /** Pods of this node, by address. */
    KernelMap<Address, Endpoint> endpoints();

    /** What pods may send, by the ifindex of their link's host side. */
    KernelMap<Integer, EndpointLink> endpointLinks();

    /** Identities and places of addresses: longest prefix wins. */
    KernelMap<PrefixKey, Peer> addresses();

    KernelMap<FrontendKey, Frontend> frontends();

    /** Backend numbers by set and index. */
    KernelMap<BackendSlot, Integer> backendSets();

    KernelMap<Integer, Backend> backends();

    /** Client prefixes of Services; the value is always 1. */
    KernelMap<SourceRangeKey, Integer> sourceRanges();

    /** Policy classes in force, by number; 0 is never among them. */
    KernelMap<Integer, PolicyClass> classes();

    /** The rules of each class. */
    MapOfMaps<Integer, PolicyKey, PolicyEntry> policies();

    /** Listeners of L7 slots, by the slot's number. */
    KernelMap<Integer, SlotPort> slots();

    /** Addresses that this node answers ARP for; the kernel half marks those that another host has claimed. */
    KernelMap<AnnouncementKey, Announcement> announcements();

    /** Counters, summed over CPUs; reading only. */
    KernelMap<MetricKey, MetricValue> metrics();

    /** Occupies both directions of a pod link's host side. */
    void attachPod(int ifindex);

    /** Occupies both directions of the LAN device. */
    void attachNetdev(int ifindex);

    /** Occupies both directions of the VXLAN device. */
    void attachOverlay(int ifindex);

    /**
     * Balances the sockets of all processes in a cgroup and below.
     *
     * @param cgroup a directory of a cgroup v2 hierarchy
     */
    void attachSockets(Path cgroup);

    /** Frees both hooks of a device; nothing happens if it is gone or has none of ours. */
    void detach(int ifindex);

    /** Removes pins of programs and map layouts that are no longer in use. Call it once all hooks are switched. */
    void removeStalePins();

    @Override
    void close();
}
