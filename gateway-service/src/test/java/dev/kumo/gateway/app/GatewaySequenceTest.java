// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the API server's objects and nodes' reports to the feed, Services and statuses, as one thing after the other happens. */
class GatewaySequenceTest {
    private static final String LISTENER = "envoy.config.listener.v3.Listener|shop/cilium-gateway-web/80";
    private static final String TLS_LISTENER = "envoy.config.listener.v3.Listener|shop/cilium-gateway-web/443";
    private static final String SECRET = "envoy.extensions.transport_sockets.tls.v3.Secret|shop/cert";
    private static final String ROUTES = "envoy.config.route.v3.RouteConfiguration|shop/cilium-gateway-web/80";
    private static final String REDIRECT = "shop/cilium-gateway-web/TCP/80";
    private static final String SERVICE = "shop/cilium-gateway-web";

    private final Cluster cluster;

    GatewaySequenceTest() throws IOException {
        cluster = new Cluster(Map.of());
    }

    @AfterEach
    void close() throws InterruptedException {
        cluster.close();
    }

    @Test
    void theClassesAreMadeWhenTheirApisExist() {
        cluster.awaitObject(
                Cluster.INGRESS_CLASSES,
                "cilium",
                found -> found.at("/spec/controller").asText().equals("cilium.io/ingress-controller"));

        cluster.installGatewayApi();
        cluster.awaitObject(
                Cluster.CLASSES,
                "cilium",
                found -> found.at("/spec/controllerName").asText().equals("io.cilium/gateway-controller")
                        && condition(found, "Accepted").path("status").asText().equals("True"));
    }

    @Test
    void aGatewayIsProgrammedOnceItHasAnAddressAndNodesServeIt() {
        gatewayWithRoute();
        var service = cluster.awaitObject(Cluster.SERVICES, SERVICE, found -> !found.isMissingNode());
        assertThat(service.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("g1");
        assertThat(service.at("/spec/ports/0/name").asText()).isEqualTo("port-80");
        cluster.awaitItem("redirects", REDIRECT);
        awaitProgrammed("False", "AddressNotAssigned", "");

        giveAddress();
        awaitProgrammed("False", "Pending", "0 of 3 nodes; waiting: w1, w2, w3");
        var listener = cluster.awaitItem("resources", LISTENER);
        cluster.report("w1", listener, "");
        cluster.report("w2", listener, "");
        awaitProgrammed("False", "Pending", "2 of 3 nodes; waiting: w3");
        cluster.report("w3", listener, "");
        var gateway = awaitProgrammed("True", "Programmed", "3 of 3 nodes");
        assertThat(gateway.at("/status/addresses/0/value").asText()).isEqualTo("172.18.0.200");
        assertThat(gateway.at("/status/listeners/0/attachedRoutes").asInt()).isEqualTo(1);

        cluster.report("w2", cluster.awaitItem("resources", ROUTES), "no such thing");
        awaitProgrammed("False", "Invalid", "PROXY_REFUSED: node w2: no such thing");
        cluster.report("w2", cluster.awaitItem("resources", ROUTES), "");
        awaitProgrammed("True", "Programmed", "3 of 3 nodes");
    }

    @Test
    void aChangeOfRoutesChangesNoListenerAndKeepsItProgrammed() {
        programmed();
        var before = cluster.awaitItem("resources", LISTENER);
        var routes = cluster.awaitItem("resources", ROUTES);
        cluster.api.put(Cluster.ROUTES, route("web", "web", 1));
        await().until(() -> cluster.awaitItem("resources", ROUTES).hash() != routes.hash());

        assertThat(cluster.awaitItem("resources", LISTENER)).isEqualTo(before);
        awaitProgrammed("True", "Programmed", "3 of 3 nodes");
    }

    @Test
    void reportsChangeConditionsAndNothingThatNodesHave() {
        programmed();
        var before = cluster.items();
        var routes = cluster.awaitItem("resources", ROUTES);
        cluster.report("w1", routes, "no such thing");
        awaitProgrammed("False", "Invalid", "PROXY_REFUSED: node w1: no such thing");
        cluster.report("w1", routes, "");
        awaitProgrammed("True", "Programmed", "3 of 3 nodes");

        assertThat(cluster.items()).hasSameSizeAs(before);
        cluster.items().forEach((key, item) -> assertThat(item).isSameAs(before.get(key)));
    }

    @Test
    void manyRoutesThatAttachAreFewWritesOfTheGateway() {
        programmed();
        int before = cluster.api.statusWrites(Cluster.GATEWAYS);
        long begun = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            cluster.api.put(Cluster.ROUTES, route("more-" + i, "web", 80));
        }
        cluster.awaitObject(
                Cluster.GATEWAYS,
                "shop/web",
                found -> found.at("/status/listeners/0/attachedRoutes").asInt() == 101);

        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        assertThat(cluster.api.statusWrites(Cluster.GATEWAYS) - before).isLessThanOrEqualTo((int) seconds + 2);
    }

    @Test
    void nothingIsWrittenTwiceAndTimesStay() {
        programmed();
        var gateway = cluster.api.get(Cluster.GATEWAYS, "shop/web");
        var writes = cluster.api.statusWrites();
        // Something else changes, so that there is a plan.
        cluster.api.put(Cluster.ROUTES, route("other", "elsewhere", 80));
        cluster.api.put(Cluster.ROUTES, route("second", "web", 80));
        var after = cluster.awaitObject(
                Cluster.GATEWAYS,
                "shop/web",
                found -> found.at("/status/listeners/0/attachedRoutes").asInt() == 2);
        cluster.awaitObject(
                Cluster.ROUTES,
                "shop/second",
                found -> found.at("/status/parents/0/conditions/0").has("lastTransitionTime"));

        assertThat(cluster.api.statusWrites()).isEqualTo(writes + 2);
        assertThat(condition(after, "Programmed").path("lastTransitionTime"))
                .isEqualTo(condition(gateway, "Programmed").path("lastTransitionTime"));
    }

    @Test
    void parentsOfOtherControllersStay() {
        gatewayWithRoute();
        awaitParents(1);
        cluster.api.put(Cluster.ROUTES, route("web", "web", 80) + """
                status:
                  parents:
                    - controllerName: example.org/other
                      parentRef: {name: theirs}
                      conditions: [{type: Accepted, status: "True"}]
                """);
        assertThat(awaitParents(2).at("/status/parents/0/controllerName").asText())
                .isEqualTo("example.org/other");

        cluster.api.delete(Cluster.GATEWAYS, "shop/web");
        assertThat(awaitParents(1).at("/status/parents/0/controllerName").asText())
                .isEqualTo("example.org/other");
    }

    @Test
    void aGatewayThatGoesTakesEverythingWithIt() {
        programmed();
        cluster.api.delete(Cluster.GATEWAYS, "shop/web");

        cluster.awaitObject(Cluster.SERVICES, SERVICE, JsonNode::isMissingNode);
        cluster.awaitNoItem("resources", LISTENER);
        cluster.awaitNoItem("redirects", REDIRECT);
    }

    @Test
    void aServiceOfSomebodyElseIsLeftAlone() {
        cluster.api.put(Cluster.SERVICES, """
                apiVersion: v1
                kind: Service
                metadata: {name: cilium-gateway-web, namespace: shop, uid: theirs}
                spec: {type: ClusterIP, ports: [{port: 1}]}
                status: {loadBalancer: {ingress: [{ip: 172.18.0.99}]}}
                """);
        gatewayWithRoute();
        awaitProgrammed("False", "Invalid", "shop/cilium-gateway-web is not ours");
        assertThat(cluster.api.get(Cluster.SERVICES, SERVICE).at("/spec/type").asText())
                .isEqualTo("ClusterIP");
        cluster.awaitNoItem("redirects", REDIRECT);

        cluster.api.delete(Cluster.SERVICES, SERVICE);
        cluster.awaitObject(
                Cluster.SERVICES,
                SERVICE,
                found -> found.at("/spec/type").asText().equals("LoadBalancer"));
        cluster.awaitItem("redirects", REDIRECT);
    }

    @Test
    void whatSomebodyChangesInAServiceOfOursIsMended() {
        programmed();
        cluster.api.put(
                Cluster.SERVICES,
                cluster.api.get(Cluster.SERVICES, SERVICE).toString().replace("port-80", "theirs"));

        cluster.awaitObject(
                Cluster.SERVICES,
                SERVICE,
                found -> found.at("/spec/ports/0/name").asText().equals("port-80"));
    }

    @Test
    void aCertificateMayComeLaterAndBeRenewedWithoutAChangeOfTheListener() throws IOException {
        programmed();
        cluster.api.put(
                Cluster.GATEWAYS,
                gateway(", {name: tls, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: cert}]}}"));
        cluster.awaitObject(
                Cluster.GATEWAYS,
                "shop/web",
                found ->
                        found.at("/status/listeners/1/conditions").toString().contains("there is no Secret shop/cert"));
        cluster.awaitNoItem("resources", TLS_LISTENER);
        awaitProgrammed("True", "Programmed", "3 of 3 nodes");

        cluster.api.put(Cluster.SECRETS, secret(0));
        var listener = cluster.awaitItem("resources", TLS_LISTENER);
        var first = cluster.awaitItem("resources", SECRET);
        assertThat(EnvoyResource.parseFrom(first.value()).getSensitive()).isTrue();
        cluster.api.put(Cluster.SECRETS, secret(1));
        await().until(() -> cluster.awaitItem("resources", SECRET).hash() != first.hash());
        assertThat(cluster.awaitItem("resources", TLS_LISTENER)).isEqualTo(listener);

        cluster.api.put(Cluster.GATEWAYS, gateway(""));
        cluster.awaitNoItem("resources", SECRET);
    }

    private void programmed() {
        gatewayWithRoute();
        cluster.awaitObject(Cluster.SERVICES, SERVICE, found -> !found.isMissingNode());
        giveAddress();
        var listener = cluster.awaitItem("resources", LISTENER);
        List.of("w1", "w2", "w3").forEach(node -> cluster.report(node, listener, ""));
        awaitProgrammed("True", "Programmed", "3 of 3 nodes");
        cluster.awaitObject(
                Cluster.GATEWAYS,
                "shop/web",
                found -> found.at("/status/listeners/0/attachedRoutes").asInt() == 1);
        awaitParents(1);
    }

    private void gatewayWithRoute() {
        cluster.installGatewayApi();
        cluster.awaitObject(Cluster.CLASSES, "cilium", found -> found.has("status"));
        cluster.api.put(Cluster.SERVICES, """
                apiVersion: v1
                kind: Service
                metadata: {name: blue, namespace: shop}
                spec: {type: ClusterIP, ports: [{port: 80, protocol: TCP}]}
                """);
        cluster.api.put(Cluster.GATEWAYS, gateway(""));
        cluster.api.put(Cluster.ROUTES, route("web", "web", 80));
    }

    private static String gateway(String more) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: web, namespace: shop, uid: g1, generation: 1}
                spec:
                  gatewayClassName: cilium
                  listeners: [{name: http, protocol: HTTP, port: 80}%s]
                """.formatted(more.strip());
    }

    /** One of the certificates of the goldens. */
    private static String secret(int number) throws IOException {
        var golden = Files.readString(Path.of("src/test/resources/gateway/https/in.yaml"));
        return Arrays.stream(golden.split("(?m)^---$"))
                .filter(document -> document.contains("\nkind: Secret\n") && document.contains("namespace: shop"))
                .skip(number)
                .findFirst()
                .orElseThrow()
                .replaceFirst("name: [a-z-]+,", "name: cert,");
    }

    private static String route(String name, String gateway, int port) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: %1$s, namespace: shop, uid: r-%1$s, generation: 1}
                spec:
                  parentRefs: [{name: %2$s}]
                  rules: [{matches: [{path: {value: /%1$s}}], backendRefs: [{name: blue, port: %3$d}]}]
                """.formatted(name, gateway, port);
    }

    private void giveAddress() {
        var service = cluster.api.get(Cluster.SERVICES, SERVICE).toString();
        cluster.api.put(
                Cluster.SERVICES,
                service.substring(0, service.length() - 1)
                        + ",\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"172.18.0.200\"}]}}}");
    }

    private JsonNode awaitParents(int number) {
        return cluster.awaitObject(
                Cluster.ROUTES, "shop/web", found -> found.at("/status/parents").size() == number);
    }

    private JsonNode awaitProgrammed(String status, String reason, String message) {
        return cluster.awaitObject(Cluster.GATEWAYS, "shop/web", found -> {
            var condition = condition(found, "Programmed");
            return condition.path("status").asText().equals(status)
                    && condition.path("reason").asText().equals(reason)
                    && condition.path("message").asText().contains(message);
        });
    }

    private static JsonNode condition(JsonNode object, String type) {
        var conditions = object.at("/status/conditions");
        for (var condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return conditions.path("none");
    }
}
