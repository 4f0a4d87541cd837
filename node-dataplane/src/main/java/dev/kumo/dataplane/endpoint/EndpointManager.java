// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.List;
import java.util.Set;

/**
 * Keeps the map entries of running pods as policy-service has them: a new identity or class is written, a withdrawn one takes
 * the pod's network away. Of pods that policy-service hasn't spoken of since, what was installed last stands.
 */
public final class EndpointManager implements Manager {
    private final Ipam ipam;
    private final Endpoints endpoints;
    private final EndpointReports reports;
    private final EndpointMaps maps;
    private final KnownEndpoints known = new KnownEndpoints();
    private boolean restored;

    EndpointManager(EndpointStores stores, EndpointReports reports, EndpointMaps maps) {
        this.ipam = stores.ipam();
        this.endpoints = stores.endpoints();
        this.reports = reports;
        this.maps = maps;
    }

    @Override
    public String name() {
        return "endpoints";
    }

    @Override
    public Priority priority() {
        return Priority.CNI;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.ENDPOINTS, Table.ADDRESSES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        change.removes(Table.ENDPOINTS).forEach(known::remove);
        change.removes(Table.ADDRESSES).forEach(ipam::forget);
        change.upserts(Table.ADDRESSES).forEach((key, item) -> ipam.note(key, Address.of(item.getAddress())));
        change.upserts(Table.ENDPOINTS).forEach(known::put);
    }

    @Override
    public Applied apply(Slice slice) {
        if (!restored) {
            return Applied.done();
        }
        var changed = changed();
        changed.forEach(maps::set);
        var pass = maps.apply(slice);
        endpoints.secure(changed);
        known.settle();
        changed.forEach(reports::tell);
        if (!pass.complete()) {
            return Applied.more();
        }
        return pass.failures().isEmpty() ? Applied.done() : retry(pass);
    }

    /** What policy-service says of endpoints. */
    KnownEndpoints known() {
        return known;
    }

    EndpointMaps maps() {
        return maps;
    }

    /** From now on {@link #apply} writes, and sweeps what nobody asked for. Apply-loop thread only. */
    void restored() {
        restored = true;
    }

    /** Running pods of which policy-service says something else than what is installed, as it says. */
    private List<PodEndpoint> changed() {
        return endpoints.all().stream()
                .filter(PodEndpoint::ready)
                .flatMap(endpoint -> known.find(endpoint.pod().uid(), endpoint.address()).stream()
                        .filter(security -> !security.equals(endpoint.security()))
                        .map(endpoint::secured))
                .toList();
    }

    private Applied retry(EndpointMaps.Pass pass) {
        var refusals = endpoints.all().stream()
                .flatMap(endpoint -> pass.of(endpoint).stream()
                        .map(failure -> failure.refuse(
                                Table.ENDPOINTS.item(endpoint.pod().uid()))))
                .toList();
        return Applied.retry(refusals, pass.failures().getFirst().message());
    }
}
