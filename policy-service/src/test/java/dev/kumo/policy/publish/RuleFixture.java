// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.policy.parse.CiliumPolicyParser;
import dev.kumo.policy.plan.rule.RuleInputs;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.policy.plan.rule.RulePlanner;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A server on w1 and w2 and its clients, under policies as text. */
final class RuleFixture {
    static final int SERVER = 300;
    static final int CLIENT = 301;
    static final int STRANGER = 302;
    static final SortedMap<Integer, SecurityLabels> IDENTITIES =
            new TreeMap<>(Map.of(SERVER, labels("server"), CLIENT, labels("client"), STRANGER, labels("stranger")));
    static final Map<String, String> NODES = Map.of("s1", "w1", "s2", "w2", "c1", "w2", "x1", "w3");
    static final List<RuleEndpoint> ENDPOINTS =
            List.of(endpoint("s1", SERVER), endpoint("s2", SERVER), endpoint("c1", CLIENT), endpoint("x1", STRANGER));

    private RuleFixture() {}

    /** Allows the client to get one path of the server. */
    static ParsedPolicy allow(String name, String path) {
        return parse("""
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s, namespace: shop}
                spec:
                  endpointSelector: {matchLabels: {app: server}}
                  ingress:
                    - fromEndpoints: [{matchLabels: {app: client}}]
                      toPorts:
                        - ports: [{port: "8080", protocol: TCP}]
                          rules: {http: [{method: GET, path: "%s"}]}
                """.formatted(name, path));
    }

    /** Denies the client everything. */
    static ParsedPolicy deny(String name) {
        return parse("""
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s, namespace: shop}
                spec:
                  endpointSelector: {matchLabels: {app: server}}
                  ingressDeny:
                    - fromEndpoints: [{matchLabels: {app: client}}]
                """.formatted(name));
    }

    /** Selects nobody. */
    static ParsedPolicy idle(String name) {
        return parse("""
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s, namespace: shop}
                spec:
                  endpointSelector: {matchLabels: {app: nobody}}
                  ingress: [{}]
                """.formatted(name));
    }

    static RulePlan plan(ParsedPolicy... policies) {
        return plan(List.of(policies), ENDPOINTS);
    }

    static RulePlan plan(List<ParsedPolicy> policies, List<RuleEndpoint> endpoints) {
        return new RulePlanner().plan(new RuleInputs(policies, IDENTITIES, endpoints, List.of(), List.of()));
    }

    static RuleItems items(ParsedPolicy... policies) {
        return RuleItems.of(plan(policies), NODES, RuleItems.NOTHING);
    }

    static PolicyView view(ParsedPolicy policy, long generation) {
        return new PolicyView(policy, "uid-" + policy.id().name(), generation, Optional.empty());
    }

    private static ParsedPolicy parse(String yaml) {
        return CiliumPolicyParser.parse(new KubernetesSerialization().unmarshal(yaml, CiliumNetworkPolicy.class));
    }

    private static RuleEndpoint endpoint(String uid, int identity) {
        return new RuleEndpoint(uid, identity, IDENTITIES.get(identity), new TreeSet<>());
    }

    private static SecurityLabels labels(String app) {
        return SecurityLabels.of(Map.of("k8s:app", app, "k8s:io.kubernetes.pod.namespace", "shop"));
    }
}
