// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * What a process does first with the endpoints that an earlier one left: adopts those that run, undoes those whose ADD wasn't
 * finished and those whose link is gone. A link with map entries but without a record is a running pod whose record was lost:
 * it is left as it is, and its address isn't given out.
 */
final class EndpointRestore {
    private static final Logger LOG = Logger.getLogger(EndpointRestore.class);

    private final EndpointStores stores;
    private final EndpointManager manager;
    private final EndpointKernel kernel;
    private final KernelCalls calls;
    private final Attachments attachments;

    EndpointRestore(
            EndpointStores stores,
            EndpointManager manager,
            EndpointKernel kernel,
            KernelCalls calls,
            Attachments attachments) {
        this.stores = stores;
        this.manager = manager;
        this.kernel = kernel;
        this.calls = calls;
        this.attachments = attachments;
    }

    /**
     * What was found.
     *
     * @param strays names of links that nothing tells of
     */
    private record Found(List<PodEndpoint> running, List<PodEndpoint> ended, List<String> strays) {}

    /** Blocks; returns what is running. May be repeated if it fails. */
    List<PodEndpoint> run() {
        var found = calls.call(Priority.CNI, this::take);
        found.ended().forEach(this::undo);
        for (var name : found.strays()) {
            LOG.warnf("removing link %s: no record and no map entry tells of it", name);
            calls.run(Priority.CNI, () -> kernel.removeLink(name));
        }
        settleAddresses(found.running());
        LOG.infof(
                "endpoints: adopted=%d undone=%d",
                found.running().size(), found.ended().size());
        return stores.endpoints().all().stream().filter(PodEndpoint::ready).toList();
    }

    /** Everything that stays is named before anything is swept, and maps are filled before programs read them. */
    private Found take() {
        var maps = manager.maps();
        maps.load();
        var parts = stores.endpoints().all().stream()
                .collect(Collectors.partitioningBy(endpoint -> endpoint.ready() && kernel.isThere(endpoint)));
        var running = parts.getOrDefault(true, List.of());
        running.forEach(maps::set);
        var strays = keepUnrecorded();
        manager.restored();
        manager.apply(Slice.unlimited());
        running.forEach(this::guard);
        return new Found(running, parts.getOrDefault(false, List.of()), strays);
    }

    private List<String> keepUnrecorded() {
        var recorded = stores.endpoints().all().stream()
                .map(endpoint -> endpoint.attachment().hostName())
                .collect(Collectors.toSet());
        var entries = manager.maps().found();
        var strays = new ArrayList<String>();
        for (var link : kernel.podLinks()) {
            var entry = entries.get(link.index());
            if (recorded.contains(link.name())) {
                continue;
            }
            if (entry == null) {
                strays.add(link.name());
            } else {
                LOG.warnf("link %s with address %s runs without a record", link.name(), entry.address());
                manager.maps().keep(link.index(), entry);
                stores.ipam().occupy(entry.address());
            }
        }
        return strays;
    }

    /** A pod that runs isn't cut off because something about it fails. */
    private void guard(PodEndpoint endpoint) {
        try {
            kernel.guard(endpoint);
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s of pod %s keeps the programs that it has", endpoint.attachment(), endpoint.pod());
        }
    }

    private void undo(PodEndpoint endpoint) {
        try {
            attachments.tearDown(endpoint);
        } catch (RuntimeException e) {
            LOG.warnf("%s of pod %s is left for its DEL: %s", endpoint.attachment(), endpoint.pod(), e.getMessage());
        }
    }

    private void settleAddresses(List<PodEndpoint> running) {
        running.forEach(endpoint -> stores.ipam().adopt(endpoint.attachment(), endpoint.address()));
        var recorded = Set.copyOf(
                stores.endpoints().all().stream().map(PodEndpoint::attachment).toList());
        stores.ipam().owners().stream()
                .filter(owner -> !recorded.contains(owner))
                .forEach(stores.ipam()::release);
    }
}
