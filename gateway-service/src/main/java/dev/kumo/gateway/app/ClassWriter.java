// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.gateway.plan.IngressPlanner;
import dev.kumo.gateway.read.IngressReader;
import dev.kumo.kube.WriteQueue;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Makes GatewayClass and IngressClass {@code cilium} where their APIs exist and nobody has made them; never changes one. Asked
 * on the planning thread by the leader, writes on a thread of its own.
 */
@Singleton
public final class ClassWriter {
    private static final String NAME = IngressPlanner.CLASS;
    /** By which they are told from classes that users made. */
    private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/part-of", "kumo");

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final WriteQueue queue;
    private final boolean defaultClass;

    ClassWriter(KubernetesClient client, GatewayConfig config, MeterRegistry metrics) {
        this.client = client;
        this.defaultClass = config.ingressDefaultClass();
        this.queue = new WriteQueue("classes", 1, metrics);
    }

    void makeGatewayClass(GatewayTables tables) {
        if (tables.classes().installed() && !tables.classes().rows().containsKey(NAME)) {
            submit("GatewayClass", this::createGatewayClass);
        }
    }

    void makeIngressClass(GatewayTables tables) {
        if (!tables.ingressClasses().rows().containsKey(NAME)) {
            submit("IngressClass", this::createIngressClass);
        }
    }

    void cancel() {
        queue.cancelAll();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    private void submit(String kind, Runnable create) {
        if (!queue.isPending(kind)) {
            queue.submit(kind, () -> {
                try {
                    create.run();
                } catch (KubernetesClientException e) {
                    // Another has made it, or the API is gone again: the watch will say so.
                    if (e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
                        throw e;
                    }
                }
            });
        }
    }

    private void createGatewayClass() {
        var resource = new GenericKubernetesResource();
        resource.setApiVersion("gateway.networking.k8s.io/v1");
        resource.setKind("GatewayClass");
        resource.setMetadata(
                new ObjectMetaBuilder().withName(NAME).withLabels(LABELS).build());
        resource.setAdditionalProperty("spec", Map.of("controllerName", GatewayPlanner.CONTROLLER));
        client.genericKubernetesResources(GatewayKinds.GATEWAY_CLASS)
                .resource(resource)
                .create();
    }

    private void createIngressClass() {
        client.resource(new IngressClassBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withLabels(LABELS)
                        .withAnnotations(defaultClass ? Map.of(IngressReader.DEFAULT_CLASS, "true") : Map.of())
                        .endMetadata()
                        .withNewSpec()
                        .withController(IngressPlanner.CONTROLLER)
                        .endSpec()
                        .build())
                .create();
    }
}
