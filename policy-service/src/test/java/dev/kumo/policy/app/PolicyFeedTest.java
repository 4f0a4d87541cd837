// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed from the API server's objects and the nodes' reports to what is served and written. */
class PolicyFeedTest {
    private static final String POLICIES = "/apis/cilium.io/v2/ciliumnetworkpolicies";
    private static final String IDENTITIES = "/apis/cilium.io/v2/ciliumidentities";
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: web, namespace: shop, uid: p1, generation: 1}
            spec:
              endpointSelector: {matchLabels: {app: web}}
              ingress:
                - fromEndpoints: [{matchLabels: {app: client}}]
                  toPorts:
                    - ports: [{port: http, protocol: TCP}]
                      rules: {http: [{method: GET, path: /color}]}
            """;

    private final RecordingApiServer api;

    PolicyFeedTest() throws IOException {
        api = new RecordingApiServer();
    }

    @BeforeEach
    void cluster() throws Exception {
        for (var collection : List.of(
                "/apis/networking.k8s.io/v1/networkpolicies",
                "/api/v1/services",
                "/apis/discovery.k8s.io/v1/endpointslices",
                IDENTITIES)) {
            api.install(collection);
        }
        api.add("/api/v1/namespaces", """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                """);
        for (int number = 1; number <= 2; number++) {
            api.add("/api/v1/nodes", """
                    apiVersion: v1
                    kind: Node
                    metadata: {name: w%1$d}
                    spec: {podCIDRs: [10.244.%1$d.0/24]}
                    status:
                      addresses: [{type: InternalIP, address: 172.18.0.1%1$d}]
                      conditions: [{type: Ready, status: "True"}]
                    """.formatted(number));
        }
        api.add("/api/v1/pods", pod("web", "w1"));
        api.add("/api/v1/pods", pod("client", "w2"));
        try (var first = new Replica(api, false)) {
            first.plan();
            await().until(() -> api.writes("/ciliumidentities").size() == 2);
        }
        api.writes("/ciliumidentities").forEach(write -> api.add(IDENTITIES, write.body()));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void everyReplicaServesTheSamePolicyInTheSameBytes() throws Exception {
        api.add(POLICIES, POLICY);
        try (var one = new Replica(api, true);
                var other = new Replica(api, false)) {
            var snapshot = one.plan();

            assertThat(other.plan().items()).isEqualTo(snapshot.items());
            var item = only(snapshot, "classes");
            assertThat(item.audience().nodes()).containsExactly("w1");
            assertThat(only(snapshot, "rule_sets").audience().nodes()).containsExactly("w1");
            var policyClass = PolicyClass.parseFrom(item.value());
            assertThat(policyClass.getEntriesList())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.getPort()).isEqualTo(8080));
        }
    }

    @Test
    void anEndpointNamesItsClassOnceNodesKnowItAndTheConditionSaysWhenTheyDo() throws Exception {
        api.add(POLICIES, POLICY);
        try (var leader = new Replica(api, true)) {
            var snapshot = leader.plan();
            await().untilAsserted(() -> assertThat(api.writes("/ciliumnetworkpolicies/web/status"))
                    .last()
                    .satisfies(write -> assertThat(write.body())
                            .contains("\"status\":\"False\"", "\"reason\":\"Pending\"", "0 of 1 nodes; waiting: w1")));

            leader.applied(snapshot, "w1", "w2");
            var after = leader.plan();
            var web = Endpoint.parseFrom(
                    after.items().get(new ItemKey("endpoints", "uid-web")).value());
            assertThat(Integer.toString(web.getClassNumber()))
                    .isEqualTo(only(after, "classes").key().key());
            var client = Endpoint.parseFrom(
                    after.items().get(new ItemKey("endpoints", "uid-client")).value());
            assertThat(client.getClassNumber()).isZero();
            await().untilAsserted(() -> assertThat(api.writes("/ciliumnetworkpolicies/web/status"))
                    .last()
                    .satisfies(write -> assertThat(write.body())
                            .contains("\"status\":\"True\"", "\"reason\":\"Accepted\"", "1 of 1 nodes")));
        }
    }

    @Test
    void aPolicyThatCannotBeReadHarmsNoOther() throws Exception {
        api.add(POLICIES, POLICY);
        api.add(POLICIES, """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: bad, namespace: shop, uid: p2, generation: 1}
                spec: [nonsense]
                """);
        try (var leader = new Replica(api, true)) {
            assertThat(only(leader.plan(), "classes")).isNotNull();
            await().untilAsserted(() -> assertThat(api.writes("/bad/status"))
                    .singleElement()
                    .satisfies(write ->
                            assertThat(write.body()).contains("\"status\":\"False\"", "\"reason\":\"Invalid\"")));
        }
    }

    @Test
    void withoutPoliciesEveryEndpointIsOfTheClassThatAllowsAll() throws Exception {
        try (var replica = new Replica(api, false)) {
            replica.applied(replica.plan(), "w1", "w2");

            assertThat(replica.plan().items().keySet())
                    .extracting(ItemKey::table)
                    .contains("endpoints")
                    .doesNotContain("classes", "rule_sets");
        }
    }

    private static String pod(String name, String node) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, namespace: shop, uid: uid-%1$s, labels: {app: %1$s}}
                spec:
                  nodeName: %2$s
                  serviceAccountName: default
                  containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]
                """.formatted(name, node);
    }

    private static StateItem only(StateSnapshot snapshot, String table) {
        return snapshot.items().values().stream()
                .filter(item -> item.key().table().equals(table))
                .collect(Collectors.collectingAndThen(Collectors.toList(), items -> {
                    assertThat(items).hasSize(1);
                    return items.getFirst();
                }));
    }
}
