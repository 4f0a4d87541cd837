// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import com.google.protobuf.ByteString;
import dev.kumo.contract.service.v1.Algorithm;
import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.ServicePort;
import dev.kumo.contract.service.v1.TrafficPolicy;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.service.DesiredFrontend.Origin;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One Service's plan in the making; used once. */
final class ServicePlanning {
    private final Service service;
    private final Collection<ServiceEndpoint> endpoints;
    private final NodeFacts node;
    private final List<Redirection> redirections;
    private final Owner owner;
    private final List<DesiredFrontend> frontends = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    ServicePlanning(
            Service service, Collection<ServiceEndpoint> endpoints, NodeFacts node, List<Redirection> redirections) {
        this.service = service;
        this.endpoints = endpoints;
        this.node = node;
        this.redirections = redirections;
        this.owner = Owner.service(service.getNamespace(), service.getName());
    }

    OwnerPlan plan() {
        SortedSet<Address> cluster = addresses(service.getClusterAddressesList());
        SortedSet<Address> external = addresses(service.getExternalAddressesList());
        SortedSet<Address> loadBalancer = addresses(service.getLoadBalancerAddressesList());
        if (service.getAlgorithm() == Algorithm.ALGORITHM_MAGLEV) {
            problem("Maglev is not supported; backends are chosen at random");
        }
        for (ServicePort port : service.getPortsList()) {
            if (port.getProtocol() == Protocol.PROTOCOL_TCP || port.getProtocol() == Protocol.PROTOCOL_UDP) {
                serve(port, cluster, external, loadBalancer);
            } else {
                problem("protocol " + port.getProtocolValue() + " of port " + port.getPort() + " is not supported");
            }
        }
        cluster.forEach(address -> mark(address, FrontendKey.INTERNAL));
        for (SortedSet<Address> reachable : List.of(external, loadBalancer)) {
            reachable.forEach(address -> mark(address, FrontendKey.INTERNAL));
            reachable.forEach(address -> mark(address, FrontendKey.EXTERNAL));
        }
        return new OwnerPlan(owner, frontends, draining(), sourceRanges(), healthCheck(), problems);
    }

    private void serve(
            ServicePort port,
            Collection<Address> cluster,
            Collection<Address> external,
            Collection<Address> loadBalancer) {
        List<Backend> everywhere = backends(port, _ -> true);
        List<Backend> here = backends(port, endpoint -> endpoint.isOn(node.node()));
        boolean localOnly = service.getExternalTrafficPolicy() == TrafficPolicy.TRAFFIC_POLICY_LOCAL;
        List<Backend> outside = localOnly ? here : everywhere;
        int outsideFlags = localOnly ? Frontend.LOCAL_BACKENDS : 0;
        int ranges = service.getSourceRangesCount() > 0 ? Frontend.SOURCE_RANGES : 0;
        boolean inside = service.getInternalTrafficPolicy() == TrafficPolicy.TRAFFIC_POLICY_LOCAL;

        int slot = slotOf(port);
        for (Address address : cluster) {
            add(Origin.CLUSTER_IP, internal(address, port.getPort(), port), slot, 0, inside ? here : everywhere);
        }
        for (Address address : loadBalancer) {
            add(Origin.LOAD_BALANCER, internal(address, port.getPort(), port), slot, 0, everywhere);
            add(Origin.LOAD_BALANCER, external(address, port.getPort(), port), slot, outsideFlags | ranges, outside);
        }
        for (Address address : external) {
            add(Origin.EXTERNAL_IP, internal(address, port.getPort(), port), slot, 0, everywhere);
            add(Origin.EXTERNAL_IP, external(address, port.getPort(), port), slot, outsideFlags, outside);
        }
        if (port.getNodePort() == 0) {
            return;
        }
        for (Address address : node.own()) {
            add(Origin.NODE_PORT, internal(address, port.getNodePort(), port), slot, Frontend.NODE_PORT, everywhere);
            add(
                    Origin.NODE_PORT,
                    external(address, port.getNodePort(), port),
                    slot,
                    Frontend.NODE_PORT | outsideFlags,
                    outside);
        }
        for (Address address : node.others()) {
            add(Origin.NODE_PORT, internal(address, port.getNodePort(), port), slot, Frontend.NODE_PORT, everywhere);
        }
    }

    /** New connections go to ready endpoints; if none is, to those that serve while they terminate (KEP-1669). */
    private List<Backend> backends(ServicePort port, Predicate<ServiceEndpoint> where) {
        List<ServiceEndpoint> serving = endpoints.stream()
                .filter(endpoint -> endpoint.portName().equals(port.getName()))
                .filter(endpoint -> endpoint.protocol() == port.getProtocolValue())
                .filter(endpoint -> endpoint.address().isIpv4())
                .filter(where)
                .toList();
        boolean anyReady = serving.stream().anyMatch(ServiceEndpoint::ready);
        return serving.stream()
                .filter(endpoint -> anyReady ? endpoint.ready() : endpoint.servesWhileTerminating())
                .map(endpoint -> endpoint.onNode(node.node()))
                .toList();
    }

    private Set<Backend> draining() {
        return endpoints.stream()
                .filter(ServiceEndpoint::servesWhileTerminating)
                .filter(endpoint -> endpoint.address().isIpv4())
                .map(endpoint -> endpoint.onNode(node.node()))
                .collect(Collectors.toSet());
    }

    /** Of the listener that serves the port; 0 if none does. */
    private int slotOf(ServicePort port) {
        return redirections.stream()
                .filter(redirection -> redirection.covers(port))
                .map(Redirection::slot)
                .findFirst()
                .orElse(0);
    }

    private void add(Origin origin, FrontendKey key, int slot, int flags, List<Backend> backends) {
        int seconds = service.getAffinityTimeoutSeconds();
        int affinity = seconds > 0 ? Frontend.AFFINITY : 0;
        frontends.add(new DesiredFrontend(key, owner, origin, flags | affinity, seconds, backends, slot));
    }

    /** A node's own address is never marked: its processes listen there. */
    private void mark(Address address, int scope) {
        if (!node.isNode(address)) {
            frontends.add(DesiredFrontend.marker(new FrontendKey(address, 0, 0, scope), owner));
        }
    }

    private static FrontendKey internal(Address address, int number, ServicePort port) {
        return new FrontendKey(address, number, port.getProtocolValue(), FrontendKey.INTERNAL);
    }

    private static FrontendKey external(Address address, int number, ServicePort port) {
        return new FrontendKey(address, number, port.getProtocolValue(), FrontendKey.EXTERNAL);
    }

    private SortedSet<Address> addresses(List<ByteString> values) {
        var addresses = new TreeSet<Address>();
        for (ByteString value : values) {
            Address address = Address.of(value);
            if (address.isIpv4()) {
                addresses.add(address);
            } else {
                problem("address " + address + ": only IPv4 is served");
            }
        }
        return addresses;
    }

    private SortedSet<SourceRange> sourceRanges() {
        var ranges = new TreeSet<SourceRange>();
        service.getSourceRangesList()
                .forEach(range -> ranges.add(new SourceRange(Address.of(range.getAddress()), range.getPrefixLength())));
        return ranges;
    }

    /** Counts addresses, not ports: a pod that serves two ports is one endpoint. */
    private Optional<HealthCheck> healthCheck() {
        if (service.getHealthCheckNodePort() == 0) {
            return Optional.empty();
        }
        long ready = endpoints.stream()
                .filter(endpoint -> endpoint.ready() && endpoint.isOn(node.node()))
                .map(ServiceEndpoint::address)
                .distinct()
                .count();
        return Optional.of(new HealthCheck(
                service.getNamespace(), service.getName(), service.getHealthCheckNodePort(), (int) ready));
    }

    private void problem(String message) {
        problems.add(new Problem(owner, Reason.UNSUPPORTED, message));
    }
}
