// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.model.AddressRequest;
import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.EndpointSliceView.EndpointView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.model.ServiceView;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads Services and EndpointSlices into the model. Total: what the API server has accepted is readable. Stateless. */
public final class ServiceReader {
    /** The label by which a slice names its Service. */
    static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Default of {@code sessionAffinityConfig.clientIP.timeoutSeconds} (Service v1). */
    private static final int DEFAULT_AFFINITY_TIMEOUT_SECONDS = 10_800;

    private ServiceReader() {}

    public static ServiceView service(Service service) {
        ServiceSpec spec = service.getSpec();
        return new ServiceView(
                new ServiceRef(
                        service.getMetadata().getNamespace(),
                        service.getMetadata().getName()),
                text(spec.getType(), "ClusterIP"),
                list(spec.getClusterIPs()),
                list(spec.getExternalIPs()),
                loadBalancerIps(service),
                list(spec.getPorts()).stream()
                        .map(port -> new ServiceView.PortView(
                                text(port.getName(), ""),
                                text(port.getProtocol(), "TCP"),
                                number(port.getPort()),
                                number(port.getNodePort())))
                        .toList(),
                text(spec.getInternalTrafficPolicy(), "Cluster"),
                text(spec.getExternalTrafficPolicy(), "Cluster"),
                number(spec.getHealthCheckNodePort()),
                affinityTimeoutSeconds(spec),
                list(spec.getLoadBalancerSourceRanges()),
                map(service.getMetadata().getAnnotations()));
    }

    /** The Service with what it asks of address management. */
    public static ServiceClaim claim(Service service) {
        ServiceSpec spec = service.getSpec();
        return new ServiceClaim(
                service(service),
                StatusReader.stamp(service.getMetadata()),
                new AddressRequest(
                        text(spec.getLoadBalancerClass(), ""),
                        text(spec.getLoadBalancerIP(), ""),
                        list(spec.getIpFamilies()),
                        text(spec.getIpFamilyPolicy(), "")),
                map(service.getMetadata().getLabels()),
                map(spec.getSelector()),
                StatusReader.conditions(Optional.ofNullable(service.getStatus())
                        .map(status -> status.getConditions())
                        .orElse(null)));
    }

    /** Empty if the slice names no Service. */
    public static Optional<EndpointSliceView> slice(EndpointSlice slice) {
        return Optional.ofNullable(slice.getMetadata().getLabels())
                .map(labels -> labels.get(SERVICE_NAME))
                .map(service -> new EndpointSliceView(
                        new ServiceRef(slice.getMetadata().getNamespace(), service),
                        slice.getMetadata().getName(),
                        text(slice.getAddressType(), "IPv4"),
                        list(slice.getPorts()).stream()
                                .map(port -> new EndpointSliceView.PortView(
                                        text(port.getName(), ""),
                                        text(port.getProtocol(), "TCP"),
                                        number(port.getPort())))
                                .toList(),
                        list(slice.getEndpoints()).stream()
                                .map(ServiceReader::endpoint)
                                .toList()));
    }

    private static EndpointView endpoint(Endpoint endpoint) {
        var conditions = Optional.ofNullable(endpoint.getConditions());
        boolean ready = conditions.map(c -> c.getReady()).orElse(true);
        return new EndpointView(
                list(endpoint.getAddresses()),
                text(endpoint.getNodeName(), ""),
                ready,
                conditions.map(c -> c.getServing()).orElse(ready),
                conditions.map(c -> c.getTerminating()).orElse(false));
    }

    private static List<String> loadBalancerIps(Service service) {
        return Optional.ofNullable(service.getStatus())
                .map(status -> status.getLoadBalancer())
                .map(balancer -> balancer.getIngress())
                .orElseGet(List::of)
                .stream()
                .map(LoadBalancerIngress::getIp)
                .filter(Objects::nonNull)
                .toList();
    }

    private static int affinityTimeoutSeconds(ServiceSpec spec) {
        if (!"ClientIP".equals(spec.getSessionAffinity())) {
            return 0;
        }
        return Optional.ofNullable(spec.getSessionAffinityConfig())
                .map(config -> config.getClientIP())
                .map(client -> client.getTimeoutSeconds())
                .orElse(DEFAULT_AFFINITY_TIMEOUT_SECONDS);
    }

    private static String text(@Nullable String value, String absent) {
        return value == null ? absent : value;
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }

    private static SortedMap<String, String> map(@Nullable Map<String, String> values) {
        return values == null ? new TreeMap<>() : new TreeMap<>(values);
    }
}
