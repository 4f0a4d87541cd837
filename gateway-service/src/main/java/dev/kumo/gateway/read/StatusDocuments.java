// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.HttpRouteView.ParentRef;
import dev.kumo.gateway.plan.ClassStatus;
import dev.kumo.gateway.plan.Condition;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.gateway.plan.GatewayService;
import dev.kumo.gateway.plan.GatewayStatus;
import dev.kumo.gateway.plan.GatewayStatus.ListenerStatus;
import dev.kumo.gateway.plan.IngressPlan.IngressService;
import dev.kumo.gateway.plan.IngressPlan.IngressStatus;
import dev.kumo.gateway.plan.RouteStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is written to Kubernetes: the {@code status} of each object as its API has it, conditions without lastTransitionTime, which
 * the writer knows; and Services without owner. Stateless.
 */
public final class StatusDocuments {
    private StatusDocuments() {}

    public static Map<String, Object> of(ClassStatus status) {
        var document = new LinkedHashMap<String, Object>();
        document.put("conditions", conditions(status.conditions()));
        document.put(
                "supportedFeatures",
                status.supportedFeatures().stream()
                        .map(name -> Map.of("name", name))
                        .toList());
        return document;
    }

    public static Map<String, Object> of(GatewayStatus status) {
        var document = new LinkedHashMap<String, Object>();
        document.put(
                "addresses",
                status.addresses().stream().map(StatusDocuments::address).toList());
        document.put("conditions", conditions(status.conditions()));
        document.put(
                "listeners",
                status.listeners().stream().map(StatusDocuments::listener).toList());
        return document;
    }

    /** The entries of {@code parents} that are ours; those of other controllers are theirs. */
    public static List<Map<String, Object>> of(RouteStatus status) {
        return status.parents().stream()
                .map(parent -> {
                    Map<String, Object> document = new LinkedHashMap<>();
                    document.put("parentRef", parent(parent.parent()));
                    document.put("controllerName", GatewayPlanner.CONTROLLER);
                    document.put("conditions", conditions(parent.conditions()));
                    return document;
                })
                .toList();
    }

    public static Service of(GatewayService service) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(service.key().namespace())
                .withName(service.key().name())
                .withLabels(service.labels())
                .withAnnotations(service.annotations())
                .endMetadata()
                .withNewSpec()
                .withType("LoadBalancer")
                .withPorts(service.ports().stream()
                        .map(port -> new ServicePortBuilder()
                                .withName("port-" + port)
                                .withPort(port)
                                .withProtocol("TCP")
                                .build())
                        .toList())
                .endSpec()
                .build();
    }

    public static Service of(IngressService service) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(service.key().namespace())
                .withName(service.key().name())
                .withLabels(service.labels())
                .withAnnotations(service.annotations())
                .endMetadata()
                .withNewSpec()
                .withType(service.type())
                .withLoadBalancerClass(service.loadBalancerClass().isEmpty() ? null : service.loadBalancerClass())
                .withExternalTrafficPolicy(
                        service.externalTrafficPolicy().isEmpty() ? null : service.externalTrafficPolicy())
                .withPorts(service.ports().stream().map(StatusDocuments::port).toList())
                .endSpec()
                .build();
    }

    private static ServicePort port(IngressService.Port port) {
        return new ServicePortBuilder()
                .withName(port.name())
                .withPort(port.number())
                .withProtocol("TCP")
                .withNodePort(port.nodePort().isPresent() ? port.nodePort().getAsInt() : null)
                .build();
    }

    public static Map<String, Object> of(IngressStatus status) {
        var addresses = status.addresses().stream()
                .map(address -> Map.of("ip", address))
                .toList();
        return Map.of("loadBalancer", addresses.isEmpty() ? Map.of() : Map.of("ingress", addresses));
    }

    private static Map<String, Object> address(String value) {
        var document = new LinkedHashMap<String, Object>();
        document.put("type", "IPAddress");
        document.put("value", value);
        return document;
    }

    private static Map<String, Object> listener(ListenerStatus status) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", status.name());
        document.put(
                "supportedKinds",
                status.supportedKinds().stream()
                        .map(kind -> {
                            var entry = new LinkedHashMap<String, Object>();
                            entry.put("group", kind.group());
                            entry.put("kind", kind.kind());
                            return entry;
                        })
                        .toList());
        document.put("attachedRoutes", status.attachedRoutes());
        document.put("conditions", conditions(status.conditions()));
        return document;
    }

    private static Map<String, Object> parent(ParentRef parent) {
        var document = new LinkedHashMap<String, Object>();
        document.put("group", parent.group());
        document.put("kind", parent.kind());
        document.put("namespace", parent.key().namespace());
        document.put("name", parent.key().name());
        parent.section().ifPresent(section -> document.put("sectionName", section));
        parent.port().ifPresent(port -> document.put("port", port));
        return document;
    }

    /** Of any object, without lastTransitionTime. */
    public static List<Map<String, Object>> conditions(List<Condition> conditions) {
        return conditions.stream()
                .map(condition -> {
                    Map<String, Object> document = new LinkedHashMap<>();
                    document.put("type", condition.type());
                    document.put("status", condition.status() ? "True" : "False");
                    document.put("reason", condition.reason());
                    document.put("message", condition.message());
                    document.put("observedGeneration", condition.observedGeneration());
                    return document;
                })
                .toList();
    }
}
