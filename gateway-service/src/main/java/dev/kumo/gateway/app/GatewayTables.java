// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.model.IngressClassView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.NamespaceView;
import dev.kumo.gateway.model.NodeView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.plan.IngressPlanner;
import dev.kumo.gateway.plan.SecretNames;
import dev.kumo.gateway.read.GatewayReader;
import dev.kumo.gateway.read.HttpRouteReader;
import dev.kumo.gateway.read.IngressReader;
import dev.kumo.gateway.read.ServiceReader;
import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What the service watches. Of Gateway API's kinds, those that aren't installed are none. */
@Singleton
public final class GatewayTables {
    private static final long PAGE = 500;

    private final TableSet all;
    private final KubeTable<Observed<GatewayClassView>> classes;
    private final KubeTable<Observed<GatewayView>> gateways;
    private final KubeTable<Observed<HttpRouteView>> routes;
    private final KubeTable<ReferenceGrantView> grants;
    private final KubeTable<IngressClassView> ingressClasses;
    private final KubeTable<Observed<IngressView>> ingresses;
    private final KubeTable<ServiceRow> services;
    private final KubeTable<NamespaceView> namespaces;
    private final KubeTable<NodeView> nodes;

    private final SecretTables secrets;

    GatewayTables(TableSet all, SecretTables secrets) {
        this.all = all;
        this.secrets = secrets;
        this.classes = all.add(observed("gatewayclasses", GatewayKinds.GATEWAY_CLASS, GatewayReader::gatewayClass));
        this.gateways = all.add(observed("gateways", GatewayKinds.GATEWAY, GatewayReader::gateway));
        this.routes = all.add(observed("httproutes", GatewayKinds.HTTP_ROUTE, HttpRouteReader::route));
        this.grants = all.add(generic(
                "referencegrants",
                GatewayKinds.REFERENCE_GRANT,
                (resource, _) -> GatewayReader.grant(resource).orElse(null)));
        this.ingressClasses = all.add(
                TableSource.all("ingressclasses", IngressClass.class, IngressClass::new, IngressReader::ingressClass));
        this.ingresses = all.add(new TableSource<>(
                "ingresses",
                client -> client.resources(Ingress.class).inAnyNamespace().withLimit(PAGE),
                Ingress::new,
                (ingress, serialization) ->
                        Observed.of(IngressReader.ingress(ingress), ingress, ingress.getStatus(), serialization)));
        this.services = all.add(TableSource.all("services", Service.class, Service::new, ServiceRow::of));
        this.namespaces =
                all.add(TableSource.all("namespaces", Namespace.class, Namespace::new, ServiceReader::namespace));
        this.nodes = all.add(TableSource.all("nodes", Node.class, Node::new, ServiceReader::node));
    }

    TableSet all() {
        return all;
    }

    KubeTable<Observed<GatewayClassView>> classes() {
        return classes;
    }

    KubeTable<Observed<GatewayView>> gateways() {
        return gateways;
    }

    KubeTable<Observed<HttpRouteView>> routes() {
        return routes;
    }

    KubeTable<ReferenceGrantView> grants() {
        return grants;
    }

    KubeTable<IngressClassView> ingressClasses() {
        return ingressClasses;
    }

    KubeTable<Observed<IngressView>> ingresses() {
        return ingresses;
    }

    KubeTable<ServiceRow> services() {
        return services;
    }

    KubeTable<NamespaceView> namespaces() {
        return namespaces;
    }

    KubeTable<NodeView> nodes() {
        return nodes;
    }

    SecretTables secrets() {
        return secrets;
    }

    /** Secrets that objects of our classes name. */
    Set<ObjectKey> secretNames() {
        var names = SecretNames.ofGateways(
                views(classes), views(gateways), grants.rows().values());
        names.addAll(SecretNames.ofIngresses(
                IngressPlanner.ours(ingressClasses.rows().values(), views(ingresses))));
        return names;
    }

    List<ServiceView> serviceViews() {
        return services.rows().values().stream().map(ServiceRow::view).toList();
    }

    static <V> List<V> views(KubeTable<Observed<V>> table) {
        return table.rows().values().stream().map(Observed::view).toList();
    }

    private static <V> TableSource<GenericKubernetesResource, Observed<V>> observed(
            String name, ResourceDefinitionContext kind, Function<GenericKubernetesResource, V> view) {
        return generic(
                name,
                kind,
                (resource, serialization) ->
                        Observed.of(view.apply(resource), resource, resource.get("status"), serialization));
    }

    private static <V> TableSource<GenericKubernetesResource, V> generic(
            String name, ResourceDefinitionContext kind, TableSource.View<GenericKubernetesResource, V> view) {
        return new TableSource<>(
                name,
                client ->
                        client.genericKubernetesResources(kind).inAnyNamespace().withLimit(PAGE),
                GenericKubernetesResource::new,
                view);
    }
}
