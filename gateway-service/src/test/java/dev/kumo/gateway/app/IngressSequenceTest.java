// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ingresses where the shared mode is the default, as one thing after the other happens. */
class IngressSequenceTest {
    private static final String SHARED = "kumo-system/cilium-ingress";

    private final Cluster cluster;

    IngressSequenceTest() throws IOException {
        cluster = new Cluster(Map.of(
                "kumo.ingress-loadbalancer-mode", "shared",
                "kumo.ingress-service-type", "NodePort",
                "kumo.ingress-node-port", "31080"));
    }

    @AfterEach
    void close() throws InterruptedException {
        cluster.close();
    }

    @Test
    void theSharedServiceIsThereWhileASharedIngressIs() {
        cluster.api.put(Cluster.INGRESSES, ingress("one", ""));
        cluster.api.put(Cluster.INGRESSES, ingress("two", ""));
        var service = cluster.awaitObject(Cluster.SERVICES, SHARED, found -> !found.isMissingNode());
        assertThat(service.at("/spec/type").asText()).isEqualTo("NodePort");
        assertThat(service.at("/spec/ports/0/nodePort").asInt()).isEqualTo(31080);
        cluster.awaitItem("redirects", SHARED + "/TCP/80");

        cluster.api.delete(Cluster.INGRESSES, "shop/one");
        cluster.api.put(Cluster.INGRESSES, ingress("two", "ingress.cilium.io/loadbalancer-mode: dedicated"));
        cluster.awaitObject(Cluster.SERVICES, SHARED, JsonNode::isMissingNode);
        cluster.awaitNoItem("redirects", SHARED + "/TCP/80");
        cluster.awaitItem("redirects", "shop/cilium-ingress-two/TCP/80");

        cluster.api.delete(Cluster.INGRESSES, "shop/two");
        cluster.awaitObject(Cluster.SERVICES, "shop/cilium-ingress-two", JsonNode::isMissingNode);
    }

    @Test
    void whatIsWrongIsToldInEventsOnceAChange() {
        cluster.api.put(Cluster.INGRESSES, ingress("bad", "ingress.cilium.io/tls-passthrough: enabled"));
        await().until(() -> cluster.api.names(Cluster.EVENTS).size() == 2);
        assertThat(cluster.api.names(Cluster.EVENTS))
                .extracting(name ->
                        cluster.api.get(Cluster.EVENTS, name).path("reason").asText())
                .containsExactlyInAnyOrder("UnsupportedValue", "BackendNotFound");

        cluster.api.put(Cluster.INGRESSES, ingress("second", ""));
        await().until(() -> cluster.api.names(Cluster.EVENTS).size() == 3);
    }

    @Test
    void theServicesAddressIsTheIngresss() {
        cluster.api.put(
                Cluster.INGRESSES,
                ingress(
                        "one",
                        "ingress.cilium.io/loadbalancer-mode: dedicated, ingress.cilium.io/service-type: LoadBalancer"));
        var service = cluster.awaitObject(Cluster.SERVICES, "shop/cilium-ingress-one", found -> !found.isMissingNode());
        assertThat(service.at("/metadata/ownerReferences/0/name").asText()).isEqualTo("one");
        var text = service.toString();
        cluster.api.put(
                Cluster.SERVICES,
                text.substring(0, text.length() - 1)
                        + ",\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"172.18.0.201\"}]}}}");

        cluster.awaitObject(
                Cluster.INGRESSES,
                "shop/one",
                found -> found.at("/status/loadBalancer/ingress/0/ip").asText().equals("172.18.0.201"));
    }

    private static String ingress(String name, String annotations) {
        return """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: %1$s, namespace: shop, uid: i-%1$s, generation: 1, annotations: {%2$s}}
                spec:
                  ingressClassName: cilium
                  rules:
                    - host: %1$s.example.com
                      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}]}
                """.formatted(name, annotations);
    }
}
