// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes classes out of the kernel, with their slots and blocks, after the pods that were of them have another one or are gone:
 * a pod whose class isn't there has no network.
 */
public final class PolicySweep implements Manager {
    private final PolicyManager policy;
    private final KernelMap<Address, Endpoint> endpoints;
    private final KernelMap<Integer, EndpointLink> links;

    public PolicySweep(
            PolicyManager policy, KernelMap<Address, Endpoint> endpoints, KernelMap<Integer, EndpointLink> links) {
        this.policy = policy;
        this.endpoints = endpoints;
        this.links = links;
    }

    @Override
    public String name() {
        return "policy-sweep";
    }

    /** After the endpoints' manager. */
    @Override
    public Priority priority() {
        return Priority.REST;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLASSES);
    }

    @Override
    public void onUpdate(DesiredChange change) {}

    /** What is still in use is looked at again with the next change of the feed, which every end of a use is. */
    @Override
    public Applied apply(Slice slice) {
        if (policy.unwanted().isEmpty()) {
            return Applied.done();
        }
        var inUse = new HashSet<Integer>();
        endpoints.forEach((address, endpoint) -> inUse.add(endpoint.classNumber()));
        links.forEach((ifindex, link) -> inUse.add(link.classNumber()));
        return policy.sweep(inUse, slice) ? Applied.done() : Applied.more();
    }
}
