// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.service.HostPorts;
import java.util.List;

/** The parts of this package, put together for one node. */
public final class PodNetwork {
    private final ApplyLoop loop;
    private final EndpointManager manager;
    private final Attachments attachments;
    private final EndpointRestore restore;
    private final EndpointReports reports;
    private final PodPorts ports;

    /** What of the kernel endpoints are made with. */
    public record Kernel(ApplyLoop loop, Links links, Datapath datapath) {}

    /** Registers its manager with the loop. */
    public PodNetwork(
            Kernel kernel, EndpointStores stores, EndpointReports reports, HostPorts hostPorts, PodSettings settings) {
        var maps = new EndpointMaps(kernel.datapath());
        var calls = new KernelCalls(kernel.loop());
        var plumbing = new EndpointKernel(kernel.links(), kernel.datapath(), maps, settings);
        this.loop = kernel.loop();
        this.reports = reports;
        this.ports = new PodPorts(stores.endpoints(), hostPorts);
        this.manager = new EndpointManager(stores, reports, maps);
        this.attachments = new Attachments(stores, manager, plumbing, calls, reports, ports);
        this.restore = new EndpointRestore(stores, manager, plumbing, calls, attachments);
        loop.add(manager);
    }

    /**
     * Takes over what an earlier process left. To be called with the loop running and other maps filled (programs are replaced),
     * before {@link #attachments} are used and before the report sender starts; again if it failed. Blocks.
     */
    public List<PodEndpoint> restore() {
        var running = restore.run();
        ports.tell();
        running.forEach(reports::tell);
        loop.wake(manager);
        return running;
    }

    public EndpointManager manager() {
        return manager;
    }

    public Attachments attachments() {
        return attachments;
    }
}
