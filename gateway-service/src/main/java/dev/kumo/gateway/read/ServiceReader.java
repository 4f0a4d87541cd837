// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.NodeView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.model.ServiceView.Kind;
import dev.kumo.gateway.model.ServiceView.Owner;
import dev.kumo.gateway.plan.GeneratedName;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reads Services, Namespaces and Nodes. Stateless. */
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
                addresses,
                madeFor(metadata));
    }

    /** Name, label and owner as we write them: whatever lacks one of these is somebody else's. */
    private static Optional<Owner> madeFor(ObjectMeta metadata) {
        var labels = Objects.requireNonNullElse(metadata.getLabels(), Map.<String, String>of());
        var name = metadata.getName();
        if (name.startsWith(GeneratedName.GATEWAY) && labels.containsKey(GeneratedName.GATEWAY_LABEL)) {
            return owner(metadata, "Gateway", Kind.GATEWAY);
        }
        if (!"true".equals(labels.get(GeneratedName.INGRESS_LABEL))) {
            return Optional.empty();
        }
        if (name.equals(GeneratedName.SHARED_INGRESS)) {
            return Optional.of(new Owner(Kind.INGRESSES, ""));
        }
        return name.startsWith(GeneratedName.INGRESS) ? owner(metadata, "Ingress", Kind.INGRESS) : Optional.empty();
    }

    private static Optional<Owner> owner(ObjectMeta metadata, String kind, Kind of) {
        return Objects.requireNonNullElse(metadata.getOwnerReferences(), List.<OwnerReference>of()).stream()
                .filter(reference -> kind.equals(reference.getKind()) && Boolean.TRUE.equals(reference.getController()))
                .map(reference -> new Owner(of, reference.getName()))
                .findFirst();
    }

    public static NodeView node(Node node) {
        var ready =
                Optional.ofNullable(node.getStatus()).map(status -> status.getConditions()).orElse(List.of()).stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
        return new NodeView(
                node.getMetadata().getName(),
                ready,
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()));
    }

    public static NamespaceView namespace(Namespace namespace) {
        var labels = namespace.getMetadata().getLabels();
        return new NamespaceView(
                namespace.getMetadata().getName(), labels == null ? new TreeMap<>() : new TreeMap<>(labels));
    }
}
