// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.reconcile.Priority;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    private final List<PodEndpoint> adopted = new ArrayList<>();
    private final List<PodEndpoint> undone = new ArrayList<>();
    private final List<String> strays = new ArrayList<>();

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

    /** Blocks; returns what is running. */
    List<PodEndpoint> run() {
        calls.run(Priority.CNI, this::take);
        undone.forEach(this::undo);
        for (var name : strays) {
            LOG.warnf("removing link %s: no record and no map entry tells of it", name);
            calls.run(Priority.CNI, () -> kernel.removeLink(name));
        }
        releaseUnused();
        LOG.infof("endpoints: adopted=%d undone=%d", adopted.size(), undone.size());
        return List.copyOf(adopted);
    }

    /** Everything that stays is named before anything is swept. */
    private void take() {
        manager.maps().load();
        var names = new HashSet<String>();
        for (var endpoint : stores.endpoints().all()) {
            names.add(endpoint.attachment().hostName());
            (endpoint.ready() && isAdopted(endpoint) ? adopted : undone).add(endpoint);
        }
        var found = manager.maps().found();
        for (var link : kernel.podLinks()) {
            var entry = found.get(link.index());
            if (names.contains(link.name())) {
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
        manager.restored();
    }

    /** A pod that runs isn't cut off because something about it fails. */
    private boolean isAdopted(PodEndpoint endpoint) {
        try {
            return kernel.adopt(endpoint);
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s of pod %s stays as it is", endpoint.attachment(), endpoint.pod());
            manager.maps().set(endpoint);
            return true;
        }
    }

    private void undo(PodEndpoint endpoint) {
        try {
            attachments.tearDown(endpoint);
        } catch (RuntimeException e) {
            LOG.warnf("%s of pod %s is left for its DEL: %s", endpoint.attachment(), endpoint.pod(), e.getMessage());
        }
    }

    private void releaseUnused() {
        adopted.forEach(endpoint -> stores.ipam().adopt(endpoint.attachment(), endpoint.address()));
        for (var owner : stores.ipam().owners()) {
            if (stores.endpoints().find(owner).isEmpty()) {
                stores.ipam().release(owner);
            }
        }
    }
}
