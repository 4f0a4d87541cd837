// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Adds and removes pods' interfaces. Every step of an ADD leaves a trace on disk before it is taken, and one teardown undoes
 * whatever of it there is: after a failure, for DEL and GC, and after a crash. Methods block; named platform threads only.
 * All throw {@link EndpointException}.
 */
public final class Attachments {
    private static final Logger LOG = Logger.getLogger(Attachments.class);

    private final EndpointStores stores;
    private final EndpointManager manager;
    private final EndpointKernel kernel;
    private final KernelCalls calls;
    private final EndpointReports reports;
    private final PodPorts ports;
    private final AttachmentLocks locks = new AttachmentLocks();

    Attachments(
            EndpointStores stores,
            EndpointManager manager,
            EndpointKernel kernel,
            KernelCalls calls,
            EndpointReports reports,
            PodPorts ports) {
        this.stores = stores;
        this.manager = manager;
        this.kernel = kernel;
        this.calls = calls;
        this.reports = reports;
        this.ports = ports;
    }

    public EndpointStores stores() {
        return stores;
    }

    /** Of pods' links, bytes. */
    public int mtu() {
        return kernel.settings().mtu();
    }

    /**
     * Gives a sandbox its interface, and waits until it has just the network that its identity may. The same request again
     * is answered with what there is. On failure nothing is left.
     */
    public PodEndpoint add(Addition addition) {
        try (var _ = locks.lock(addition.attachment())) {
            var existing = stores.endpoints().find(addition.attachment());
            return existing.isPresent() ? repeat(existing.get(), addition) : make(addition);
        }
    }

    /** Removes an interface and all that belongs to it; nothing happens if it is unknown. Ends an ADD that is under way. */
    public void delete(Attachment attachment) {
        manager.known().cancel(attachment);
        try (var _ = locks.lock(attachment)) {
            var existing = stores.endpoints().find(attachment);
            if (existing.isPresent()) {
                tearDown(existing.get());
            } else {
                calls.run(Priority.CNI, () -> kernel.removeLink(attachment.hostName()));
                stores.ipam().release(attachment);
            }
        }
    }

    /** Compares an interface with what the kernel holds. */
    public PodEndpoint check(Attachment attachment, String netns) {
        try (var _ = locks.lock(attachment)) {
            var endpoint = stores.endpoints()
                    .find(attachment)
                    .filter(PodEndpoint::ready)
                    .orElseThrow(() -> new EndpointException(Reason.UNKNOWN_POD, attachment + " was not added"));
            if (!endpoint.place().netns().equals(netns)) {
                throw new EndpointException(
                        Reason.INTERFACE_CONFLICT,
                        attachment + " is in " + endpoint.place().netns() + ", not in " + netns);
            }
            calls.run(Priority.CNI, () -> kernel.check(endpoint));
            return endpoint;
        }
    }

    /**
     * Removes every interface and address that isn't listed, but those that somebody is working on right now.
     *
     * @return what could not be removed, one sentence each
     */
    public List<String> retain(Set<Attachment> valid) {
        var failures = new ArrayList<String>();
        for (var attachment : stores.attachments()) {
            if (!valid.contains(attachment)) {
                locks.tryLock(attachment).ifPresent(held -> collect(attachment, held, failures));
            }
        }
        return failures;
    }

    /** Undoes whatever of an endpoint there is, as far as it goes. */
    void tearDown(PodEndpoint endpoint) {
        // A change of its identity or class that comes between the kernel's part and the record's end must not write it
        // anew.
        stores.endpoints().put(endpoint.leaving());
        calls.run(Priority.CNI, () -> kernel.remove(endpoint));
        stores.forget(endpoint.attachment());
        LOG.infof("removed %s pod=%s address=%s", endpoint.attachment(), endpoint.pod(), endpoint.address());
        ports.tell();
        reports.withdraw(endpoint);
    }

    private void collect(Attachment attachment, AttachmentLocks.Held held, List<String> failures) {
        try (held) {
            var endpoint = stores.endpoints().find(attachment);
            endpoint.ifPresent(this::tearDown);
            stores.ipam().release(attachment);
        } catch (RuntimeException e) {
            failures.add(attachment + ": " + e.getMessage());
        }
    }

    private PodEndpoint repeat(PodEndpoint existing, Addition addition) {
        if (!addition.isMet(existing)) {
            throw new EndpointException(
                    Reason.INTERFACE_CONFLICT,
                    "%s is already there, for pod %s in %s"
                            .formatted(
                                    existing.attachment(),
                                    existing.pod(),
                                    existing.place().netns()));
        }
        calls.run(Priority.CNI, () -> kernel.check(existing));
        return existing;
    }

    private PodEndpoint make(Addition addition) {
        var endpoint = begin(addition);
        try {
            var linked = endpoint.linked(calls.call(Priority.CNI, () -> kernel.create(endpoint)));
            stores.endpoints().put(linked);
            reports.tell(linked);
            awaitIdentity(linked);
            var installed = calls.call(Priority.CNI, () -> install(linked));
            ports.tell();
            reports.tell(installed);
            LOG.infof(
                    "added %s pod=%s address=%s identity=%d",
                    installed.attachment(),
                    installed.pod(),
                    installed.address(),
                    installed.security().identity());
            return installed;
        } catch (RuntimeException e) {
            throw undo(endpoint, EndpointException.of(e));
        }
    }

    private PodEndpoint begin(Addition addition) {
        var attachment = addition.attachment();
        var address = stores.ipam().allocate(attachment);
        var endpoint = new PodEndpoint(
                attachment,
                addition.pod(),
                new Place(address, addition.netns(), 0),
                Security.NONE,
                addition.ports(),
                PodEndpoint.Phase.ADDING);
        try {
            stores.endpoints().put(endpoint);
            return endpoint;
        } catch (RuntimeException e) {
            stores.ipam().release(attachment);
            throw EndpointException.of(e);
        }
    }

    /** On the loop, as one step: no change of the feed comes between what is read and what is written. */
    private PodEndpoint install(PodEndpoint endpoint) {
        var security = manager.known()
                .find(endpoint.pod().uid(), endpoint.address())
                .filter(Security::known)
                .orElseThrow(() -> new EndpointException(
                        Reason.UNKNOWN_POD, "the identity of " + endpoint.pod() + " was withdrawn"));
        var installed = endpoint.installed(security);
        kernel.install(installed);
        stores.endpoints().put(installed);
        return installed;
    }

    private void awaitIdentity(PodEndpoint endpoint) {
        var patience = kernel.settings().identityPatience();
        try {
            manager.known().await(endpoint).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            manager.known().cancel(endpoint.attachment());
            throw new EndpointException(
                    Reason.IDENTITY_TIMEOUT,
                    "no identity for pod %s within %d s: no policy-service can be reached, or none knows the pod"
                            .formatted(endpoint.pod(), patience.toSeconds()));
        } catch (ExecutionException e) {
            throw EndpointException.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndpointException(Reason.DISCONNECTED, "the dataplane is stopping");
        }
    }

    private EndpointException undo(PodEndpoint endpoint, EndpointException why) {
        var current = stores.endpoints().find(endpoint.attachment());
        try {
            tearDown(current.orElse(endpoint));
        } catch (RuntimeException e) {
            // The record stays, so DEL or the next start tries again.
            LOG.warnf("undoing the ADD of %s failed: %s", endpoint.attachment(), e.getMessage());
            why.addSuppressed(e);
        }
        return why;
    }
}
