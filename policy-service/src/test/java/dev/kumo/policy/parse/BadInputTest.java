// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleElement;
import dev.kumo.testkit.crd.Manifests;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "toPorts: [{ports: [{port: \"http-\", protocol: TCP}]}] | spec.ingress[0].toPorts[0].ports[0].port",
                "toPorts: [{ports: [{port: \"65536\"}]}] | spec.ingress[0].toPorts[0].ports[0].port",
                "toPorts: [{ports: [{port: http, endPort: 90}]}] | spec.ingress[0].toPorts[0].ports[0].endPort",
                "toPorts: [{ports: [{port: \"0\", endPort: 90}]}] | spec.ingress[0].toPorts[0].ports[0].endPort",
                "toPorts: [{ports: [{port: \"8\", protocol: ICMP}]}] | spec.ingress[0].toPorts[0].ports[0].port",
                "toPorts: [{ports: [{port: \"0\", protocol: VRRP}]}] | spec.ingress[0].toPorts[0].ports[0].protocol",
                "toPorts: [{}] | spec.ingress[0].toPorts[0].ports",
                "toPorts: [{ports: [{port: \"80\", protocol: UDP}], rules: {http: [{}]}}] | spec.ingress[0].toPorts[0].ports[0].protocol",
                "toPorts: [{ports: [{port: \"80\"}], rules: {http: [{}]}}] | spec.ingress[0].toPorts[0].ports[0].protocol",
                "toPorts: [{ports: [{port: \"0\", protocol: TCP}], rules: {http: [{}]}}] | spec.ingress[0].toPorts[0].ports[0].port",
                "toPorts: [{rules: {http: [{}]}}] | spec.ingress[0].toPorts[0].ports",
                "toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: []}}] | spec.ingress[0].toPorts[0].rules.http",
                "toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{method: \"(\"}]}}] | spec.ingress[0].toPorts[0].rules.http[0].method",
                "toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{headers: [\"A B\"]}]}}] | spec.ingress[0].toPorts[0].rules.http[0].headers[0]",
                "icmps: [{fields: [{type: 256}]}] | spec.ingress[0].icmps[0].fields[0].type",
                "icmps: [{fields: [{type: PacketTooBig}]}] | spec.ingress[0].icmps[0].fields[0].type",
                "fromCIDR: [10.0.0.0/8], fromEntities: [world] | spec.ingress[0]",
                "fromCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: a}] | spec.ingress[0].fromCIDRSet[0]",
                "fromCIDRSet: [{}] | spec.ingress[0].fromCIDRSet[0]",
                "fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}] | spec.ingress[0].fromCIDRSet[0].except[0]",
                "fromEndpoints: [{matchLabels: {\"a b\": c}}] | spec.ingress[0].fromEndpoints[0].matchLabels",
                "fromEndpoints: [{matchLabels: {\"cidr:10.0.0.0/8\": c}}] | spec.ingress[0].fromEndpoints[0].matchLabels",
                "fromEndpoints: [{matchExpressions: [{key: a, operator: Exists, values: [b]}]}] | spec.ingress[0].fromEndpoints[0].matchExpressions[0].values"
            })
    void isRefusedByItsPathAndAllowsNothing(String element, String path) throws IOException {
        var parsed =
                cilium("endpointSelector: {}\n  ingress: [{%s}, {fromEntities: [all]}]".formatted(element.strip()));
        assertThat(parsed.problems().getFirst().path()).isEqualTo(path.strip());
        assertThat(parsed.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.elements()).isEmpty();
            assertThat(rule.ingressDefaultDeny()).isTrue();
        });
    }

    @Test
    void fortyOnePortsAreRefusedAndFortyAreNot() throws IOException {
        assertThat(cilium(ports(41)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo("spec.ingress[0].toPorts[0].ports"));
        assertThat(cilium(ports(40)).problems()).isEmpty();
    }

    @Test
    void aRefusedDenyDeniesItsDirection() throws IOException {
        var parsed = cilium(
                "endpointSelector: {}\n  ingressDeny: [{fromCIDR: [nonsense]}]\n  ingress: [{fromEntities: [all]}]");
        assertThat(parsed.rules().getFirst().elements())
                .contains(RuleElement.denyAll(Direction.INGRESS))
                .allMatch(RuleElement::deny);
    }

    @Test
    void aServiceOfAClusterwidePolicyNeedsItsNamespace() throws IOException {
        var parsed = CiliumPolicyParser.parse(Manifests.parse(CiliumClusterwideNetworkPolicy.class, """
                apiVersion: cilium.io/v2
                kind: CiliumClusterwideNetworkPolicy
                metadata: {name: policy}
                spec:
                  endpointSelector: {}
                  egress: [{toServices: [{k8sService: {serviceName: db}}]}]
                """));
        assertThat(parsed.problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.path()).isEqualTo("spec.egress[0].toServices[0].k8sService.namespace"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "from: [{}] | spec.ingress[0].from[0]",
                "from: [{ipBlock: {cidr: 10.0.0.0/40}}] | spec.ingress[0].from[0].ipBlock.cidr",
                "from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}] | spec.ingress[0].from[0].ipBlock",
                "ports: [{port: 90, endPort: 80}] | spec.ingress[0].ports[0].endPort",
                "ports: [{port: 0}] | spec.ingress[0].ports[0].port",
                "ports: [{port: web, endPort: 80}] | spec.ingress[0].ports[0].endPort",
                "ports: [{protocol: ICMP}] | spec.ingress[0].ports[0].protocol"
            })
    void networkPolicyIsRefusedByItsPathAndAllowsNothing(String rule, String path) throws IOException {
        var parsed = NetworkPolicyParser.parse(Manifests.parse(NetworkPolicy.class, """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {namespace: demo, name: policy}
                spec:
                  podSelector: {}
                  ingress: [{%s}, {}]
                """.formatted(rule.strip())));
        assertThat(parsed.problems().getFirst().path()).isEqualTo(path.strip());
        assertThat(parsed.rules().getFirst().elements()).isEmpty();
        assertThat(parsed.rules().getFirst().ingressDefaultDeny()).isTrue();
    }

    private static String ports(int count) {
        var ports = IntStream.rangeClosed(1, count)
                .mapToObj("{port: \"%d\"}"::formatted)
                .collect(Collectors.joining(", "));
        return "endpointSelector: {}\n  ingress: [{toPorts: [{ports: [%s]}]}]".formatted(ports);
    }

    private static ParsedPolicy cilium(String rule) throws IOException {
        return CiliumPolicyParser.parse(Manifests.parse(CiliumNetworkPolicy.class, """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {namespace: demo, name: policy}
                spec:
                  %s
                """.formatted(rule)));
    }
}
