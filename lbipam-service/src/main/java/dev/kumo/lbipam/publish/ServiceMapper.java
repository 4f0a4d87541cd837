// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.publish;

import com.google.protobuf.ByteString;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.SourceRange;
import dev.kumo.kube.service.WireAddress;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.plan.Backend;
import dev.kumo.lbipam.plan.BackendKey;
import dev.kumo.lbipam.plan.LoadBalancedService;
import dev.kumo.lbipam.plan.Protocol;
import dev.kumo.lbipam.plan.ServicePlan;
import dev.kumo.lbipam.plan.ServicePort;
import dev.kumo.lbipam.plan.TrafficPolicy;
import dev.kumo.stream.StateSnapshot;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.SortedMap;

/** Writes a plan as tables {@code services} and {@code backends} of the service feed (service.proto). Stateless. */
public final class ServiceMapper {
    /** @param resourceVersions what the plan's inputs reflect */
    public StateSnapshot snapshot(ServicePlan plan, SortedMap<String, Long> resourceVersions) {
        var snapshot = StateSnapshot.builder();
        resourceVersions.forEach(snapshot::resourceVersion);
        plan.services().forEach((ref, service) -> snapshot.add("services", ref.toString(), service(ref, service)));
        plan.backends().forEach((key, backend) -> snapshot.add("backends", key(key), backend(key, backend)));
        return snapshot.build();
    }

    private static Service service(ServiceRef ref, LoadBalancedService service) {
        return Service.newBuilder()
                .setNamespace(ref.namespace())
                .setName(ref.name())
                .addAllClusterAddresses(addresses(service.clusterAddresses()))
                .addAllExternalAddresses(addresses(service.externalAddresses()))
                .addAllLoadBalancerAddresses(addresses(service.loadBalancerAddresses()))
                .addAllPorts(service.ports().stream().map(ServiceMapper::port).toList())
                .setInternalTrafficPolicy(policy(service.internalTrafficPolicy()))
                .setExternalTrafficPolicy(policy(service.externalTrafficPolicy()))
                .setHealthCheckNodePort(service.healthCheckNodePort())
                .setAffinityTimeoutSeconds(service.affinityTimeoutSeconds())
                .addAllSourceRanges(service.sourceRanges().stream()
                        .map(ServiceMapper::range)
                        .toList())
                .setAlgorithm(dev.kumo.contract.service.v1.Algorithm.ALGORITHM_RANDOM)
                .build();
    }

    private static dev.kumo.contract.service.v1.ServicePort port(ServicePort port) {
        return dev.kumo.contract.service.v1.ServicePort.newBuilder()
                .setName(port.name())
                .setProtocol(protocol(port.protocol()))
                .setPort(port.port())
                .setNodePort(port.nodePort())
                .build();
    }

    private static dev.kumo.contract.service.v1.Backend backend(BackendKey key, Backend backend) {
        return dev.kumo.contract.service.v1.Backend.newBuilder()
                .setNamespace(key.service().namespace())
                .setService(key.service().name())
                .setPortName(key.portName())
                .setProtocol(protocol(key.protocol()))
                .setAddress(address(key.address()))
                .setPort(key.port())
                .setNode(backend.node())
                .setReady(backend.ready())
                .setServing(backend.serving())
                .setTerminating(backend.terminating())
                .build();
    }

    private static SourceRange range(IPAddress range) {
        return SourceRange.newBuilder()
                .setAddress(address(range.getLower()))
                .setPrefixLength(WireAddress.mappedPrefixLength(range.getNetworkPrefixLength()))
                .build();
    }

    /**
     * {@code namespace/name/PROTO/port/address}. Two ports of a Service that lead to the same endpoint port are two
     * backends, so an entry of a named port carries the name as well.
     */
    private static String key(BackendKey key) {
        var text = "%s/%s/%d/%s".formatted(key.service(), key.protocol(), key.port(), key.address());
        return key.portName().isEmpty() ? text : text + "/" + key.portName();
    }

    private static List<ByteString> addresses(List<IPAddress> addresses) {
        return addresses.stream().map(ServiceMapper::address).toList();
    }

    private static ByteString address(IPAddress address) {
        return WireAddress.of(address.getBytes());
    }

    private static dev.kumo.contract.service.v1.Protocol protocol(Protocol protocol) {
        return switch (protocol) {
            case TCP -> dev.kumo.contract.service.v1.Protocol.PROTOCOL_TCP;
            case UDP -> dev.kumo.contract.service.v1.Protocol.PROTOCOL_UDP;
        };
    }

    private static dev.kumo.contract.service.v1.TrafficPolicy policy(TrafficPolicy policy) {
        return switch (policy) {
            case CLUSTER -> dev.kumo.contract.service.v1.TrafficPolicy.TRAFFIC_POLICY_CLUSTER;
            case LOCAL -> dev.kumo.contract.service.v1.TrafficPolicy.TRAFFIC_POLICY_LOCAL;
        };
    }
}
