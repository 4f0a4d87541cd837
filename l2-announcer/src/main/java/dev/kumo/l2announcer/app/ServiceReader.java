// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.model.BackendNodes;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.model.ServiceView;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads Services and EndpointSlices into the model. Total: what the API server has accepted is readable. Stateless. */
public final class ServiceReader {
    /** The label by which a slice names its Service. */
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Labels of Services that were made for a Gateway or an Ingress; the same as Cilium's. */
    private static final Set<String> GATEWAY =
            Set.of("io.cilium.gateway/owning-gateway", "gateway.networking.k8s.io/gateway-name", "cilium.io/ingress");

    private ServiceReader() {}

    public static ServiceView service(Service service) {
        var spec = service.getSpec();
        var labels = Objects.requireNonNullElse(service.getMetadata().getLabels(), Map.<String, String>of());
        return new ServiceView(
                new ServiceRef(
                        service.getMetadata().getNamespace(),
                        service.getMetadata().getName()),
                new TreeMap<>(labels),
                Objects.requireNonNullElse(spec.getLoadBalancerClass(), ""),
                "LoadBalancer".equals(spec.getType()) ? loadBalancerIps(service) : List.of(),
                list(spec.getExternalIPs()),
                "Local".equals(spec.getExternalTrafficPolicy()),
                labels.keySet().stream().anyMatch(GATEWAY::contains));
    }

    /** Empty if the slice names no Service. */
    public static Optional<BackendNodes> backends(EndpointSlice slice) {
        var labels = Objects.requireNonNullElse(slice.getMetadata().getLabels(), Map.<String, String>of());
        return Optional.ofNullable(labels.get(SERVICE_NAME)).map(service -> {
            var ready = new HashSet<String>();
            var serving = new HashSet<String>();
            for (var endpoint : list(slice.getEndpoints())) {
                if (endpoint.getNodeName() != null) {
                    if (isReady(endpoint)) {
                        ready.add(endpoint.getNodeName());
                    }
                    if (isServing(endpoint)) {
                        serving.add(endpoint.getNodeName());
                    }
                }
            }
            return new BackendNodes(new ServiceRef(slice.getMetadata().getNamespace(), service), ready, serving);
        });
    }

    /** Unknown means ready (discovery.k8s.io/v1 EndpointConditions). */
    private static boolean isReady(Endpoint endpoint) {
        return Optional.ofNullable(endpoint.getConditions())
                .map(EndpointConditions::getReady)
                .orElse(true);
    }

    /** Unknown means as ready. */
    private static boolean isServing(Endpoint endpoint) {
        return Optional.ofNullable(endpoint.getConditions())
                .map(EndpointConditions::getServing)
                .orElseGet(() -> isReady(endpoint));
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

    private static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }
}
