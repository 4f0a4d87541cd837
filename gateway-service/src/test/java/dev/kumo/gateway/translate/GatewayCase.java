// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.IngressClassView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.model.TlsSecret;
import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.gateway.plan.GatewayInputs;
import dev.kumo.gateway.plan.GatewayPlan;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.gateway.plan.HttpListener;
import dev.kumo.gateway.plan.IngressDefaults;
import dev.kumo.gateway.plan.IngressInputs;
import dev.kumo.gateway.plan.IngressPlan;
import dev.kumo.gateway.plan.IngressPlanner;
import dev.kumo.gateway.read.GatewayReader;
import dev.kumo.gateway.read.HttpRouteReader;
import dev.kumo.gateway.read.IngressReader;
import dev.kumo.gateway.read.SecretReader;
import dev.kumo.gateway.read.ServiceReader;
import dev.kumo.gateway.read.StatusDocuments;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A golden case: objects as in a cluster. Nodes have confirmed every listener, unless there is a document of kind
 * {@code NothingServed}; with one of kind {@code SharedByDefault} Ingresses share a Service of type NodePort.
 */
final class GatewayCase {
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(
            new YAMLFactory().enable(YAMLGenerator.Feature.MINIMIZE_QUOTES).disable(YAMLGenerator.Feature.SPLIT_LINES));
    static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .usingTypeRegistry(TypeRegistry.newBuilder()
                    .add(HttpConnectionManager.getDescriptor())
                    .add(Router.getDescriptor())
                    .add(HttpProtocolOptions.getDescriptor())
                    .add(TlsInspector.getDescriptor())
                    .add(DownstreamTlsContext.getDescriptor())
                    .build());

    private final List<GatewayClassView> classes = new ArrayList<>();
    private final List<GatewayView> gateways = new ArrayList<>();
    private final List<HttpRouteView> routes = new ArrayList<>();
    private final List<ReferenceGrantView> grants = new ArrayList<>();
    private final List<NamespaceView> namespaces = new ArrayList<>();
    private final List<ServiceView> services = new ArrayList<>();
    private final List<TlsSecret> secrets = new ArrayList<>();
    private final List<IngressView> ingresses = new ArrayList<>();
    private final List<IngressClassView> ingressClasses = new ArrayList<>();
    private IngressDefaults defaults =
            new IngressDefaults(false, "LoadBalancer", OptionalInt.empty(), OptionalInt.empty(), true);
    private boolean served = true;

    GatewayCase(List<String> documents) {
        documents.forEach(this::add);
    }

    private void add(String document) {
        var resource = KUBERNETES.unmarshal(document, GenericKubernetesResource.class);
        switch (resource.getKind()) {
            case "GatewayClass" -> classes.add(GatewayReader.gatewayClass(resource));
            case "Gateway" -> gateways.add(GatewayReader.gateway(resource));
            case "HTTPRoute" -> routes.add(HttpRouteReader.route(resource));
            case "ReferenceGrant" -> GatewayReader.grant(resource).ifPresent(grants::add);
            case "Ingress" -> ingresses.add(IngressReader.ingress(KUBERNETES.unmarshal(document, Ingress.class)));
            case "Namespace" ->
                namespaces.add(ServiceReader.namespace(KUBERNETES.unmarshal(document, Namespace.class)));
            case "Service" -> services.add(ServiceReader.service(KUBERNETES.unmarshal(document, Service.class)));
            case "Secret" -> secrets.add(SecretReader.secret(KUBERNETES.unmarshal(document, Secret.class)));
            case "NothingServed" -> served = false;
            case "IngressClass" ->
                ingressClasses.add(IngressReader.ingressClass(KUBERNETES.unmarshal(document, IngressClass.class)));
            case "SharedByDefault" ->
                defaults = new IngressDefaults(true, "NodePort", OptionalInt.of(31080), OptionalInt.of(31443), true);
            default -> throw new IllegalArgumentException("unexpected in a case: " + resource.getKind());
        }
    }

    GatewayPlan plan() {
        return new GatewayPlanner()
                .plan(new GatewayInputs(classes, gateways, routes, grants, namespaces, services, secrets, Map.of()));
    }

    IngressPlan ingressPlan() {
        return new IngressPlanner()
                .plan(new IngressInputs(
                        ingressClasses, ingresses, services, secrets, defaults, "kumo-system", Map.of()));
    }

    /** All that comes of the case: Gateways and Ingresses. */
    List<EnvoyResources> envoy() {
        var ingress = ingressPlan();
        return List.of(
                new GatewayTranslator().translate(plan()),
                new GatewayTranslator().translate(ingress.listeners(), ingress.clusters(), ingress.certificates()));
    }

    /** Problems, statuses, generated Services and Envoy resources, a document each. */
    static String text(IngressPlan plan) {
        var documents = new ArrayList<Object>();
        for (var ingress : plan.ingresses()) {
            var document = status("Ingress " + ingress.key(), StatusDocuments.of(ingress));
            document.put(
                    "problems",
                    ingress.problems().stream()
                            .map(problem -> problem.reason() + ": " + problem.message())
                            .toList());
            documents.add(document);
        }
        plan.services().forEach(service -> documents.add(JSON.convertValue(StatusDocuments.of(service), Map.class)));
        envoy(new GatewayTranslator().translate(plan.listeners(), plan.clusters(), plan.certificates()), documents);
        return documents.stream().map(GatewayCase::yaml).collect(Collectors.joining());
    }

    private static void envoy(EnvoyResources envoy, List<Object> documents) {
        envoy.listeners().forEach(listener -> documents.add(json(listener)));
        envoy.routes().forEach(routes -> documents.add(json(routes)));
        envoy.clusters().forEach(cluster -> documents.add(json(cluster)));
        envoy.secrets().forEach(secret -> documents.add(Map.of("secret", secret.getName())));
    }

    /** Statuses, generated Services and Envoy resources, a document each. */
    String text(GatewayPlan plan) {
        var documents = new ArrayList<Object>();
        plan.classes()
                .forEach(status -> documents.add(status("GatewayClass " + status.name(), StatusDocuments.of(status))));
        plan.statuses(confirmations(plan))
                .forEach(status -> documents.add(status("Gateway " + status.key(), StatusDocuments.of(status))));
        plan.routes().forEach(status -> documents.add(status("HTTPRoute " + status.key(), StatusDocuments.of(status))));
        plan.services().forEach(service -> documents.add(JSON.convertValue(StatusDocuments.of(service), Map.class)));
        envoy(new GatewayTranslator().translate(plan), documents);
        return documents.stream().map(GatewayCase::yaml).collect(Collectors.joining());
    }

    private Map<String, Confirmation> confirmations(GatewayPlan plan) {
        return plan.listeners().stream()
                .filter(_ -> served)
                .collect(Collectors.toMap(HttpListener::name, _ -> new Confirmation.Served("3 of 3 nodes")));
    }

    private static Map<String, Object> status(String object, Object status) {
        var document = new LinkedHashMap<String, Object>();
        document.put("statusOf", object);
        document.put("status", status);
        return document;
    }

    static Object json(Message message) {
        try {
            return JSON.readValue(PRINTER.print(message), Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String yaml(Object document) {
        try {
            return YAML.writeValueAsString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
