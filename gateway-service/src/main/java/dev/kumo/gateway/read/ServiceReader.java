// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reads Services and Namespaces. Stateless. */
public final class ServiceReader {
    private ServiceReader() {}

    public static ServiceView service(Service service) {
        var metadata = service.getMetadata();
        var spec = Optional.ofNullable(service.getSpec());
        var ports = spec.map(s -> s.getPorts()).orElse(List.of()).stream()
                .map(port -> new ServiceView.Port(
                        Objects.requireNonNullElse(port.getName(), ""),
                        port.getPort(),
                        Objects.requireNonNullElse(port.getProtocol(), "TCP"),
                        Objects.requireNonNullElse(port.getAppProtocol(), "")))
                .toList();
        var addresses = Optional.ofNullable(service.getStatus())
                .map(status -> status.getLoadBalancer())
                .map(balancer -> balancer.getIngress())
                .orElse(List.of())
                .stream()
                .map(LoadBalancerIngress::getIp)
                .filter(Objects::nonNull)
                .toList();
        return new ServiceView(
                new ObjectKey(Objects.requireNonNullElse(metadata.getNamespace(), "default"), metadata.getName()),
                spec.map(s -> s.getType()).filter("ExternalName"::equals).isPresent(),
                ports,
                addresses);
    }

    public static NamespaceView namespace(Namespace namespace) {
        var labels = namespace.getMetadata().getLabels();
        return new NamespaceView(
                namespace.getMetadata().getName(), labels == null ? new TreeMap<>() : new TreeMap<>(labels));
    }
}
