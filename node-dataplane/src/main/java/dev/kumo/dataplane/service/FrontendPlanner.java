// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Service;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Computes what this node serves: frontends, their backends, source ranges and health check ports.
 *
 * <p>Semantics: Kubernetes API reference, Service v1; KEP-1669 and KEP-1672 (terminating endpoints), KEP-2086 (internal traffic
 * policy). A ClusterIP is served to pods and to processes of the node, not to the LAN. NodePorts of other nodes are served too,
 * to who runs on this node. With externalTrafficPolicy Local, clients outside get this node's backends only, under their own
 * address; who runs on the node gets all. Source ranges hold for clients outside.
 *
 * <p>Pure: the result depends on nothing but the inputs, and not on their order. Immutable; any thread.
 */
public final class FrontendPlanner {
    private final NodeFacts node;

    public FrontendPlanner(NodeFacts node) {
        this.node = node;
    }

    /**
     * The whole picture at once: what an owner asks for, and who gets what several ask for.
     *
     * @throws IllegalArgumentException if an address has neither 4 nor 16 bytes
     */
    public FrontendPlan plan(
            Collection<Service> services, Collection<Backend> backends, Collection<HostPort> hostPorts) {
        var table = new FrontendTable();
        var endpoints = backends.stream()
                .collect(Collectors.groupingBy(
                        backend -> Owner.service(backend.getNamespace(), backend.getService()),
                        Collectors.mapping(ServiceEndpoint::of, Collectors.toList())));
        for (Service service : services) {
            var owner = Owner.service(service.getNamespace(), service.getName());
            table.put(plan(service, endpoints.getOrDefault(owner, List.of()), List.of()));
        }
        hostPorts.stream()
                .collect(Collectors.groupingBy(HostPort::pod))
                .forEach((pod, ports) -> table.put(plan(pod, ports)));
        return table.plan();
    }

    /**
     * What one Service asks for, with all its endpoints.
     *
     * @param redirections of its ports; the first that has a port holds
     */
    OwnerPlan plan(Service service, Collection<ServiceEndpoint> endpoints, List<Redirection> redirections) {
        return new ServicePlanning(service, endpoints, node, redirections).plan();
    }

    /** What one pod asks for, with all its host ports. */
    OwnerPlan plan(String pod, Collection<HostPort> hostPorts) {
        return new HostPortPlanning(pod, node).plan(hostPorts);
    }
}
