// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleElement;
import dev.kumo.testkit.crd.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Walks every field of the schema: it works and a golden case has it, or it is refused by its path. */
class EveryFieldTest {
    private static final Path GOLDENS = Path.of("src/test/resources/RulePlanner");
    private static final Pattern SECTION = Pattern.compile("spec\\.(ingress|ingressDeny|egress|egressDeny)\\[]\\.(.*)");

    /**
     * What becomes of a field.
     *
     * @param field matches the leaf's path within the rule, or within an element; there PEER stands for from or to
     * @param goldenCase which has it; empty if it is refused
     * @param sample the rule or element that sets it
     */
    private record Row(String field, String goldenCase, String sample) {
        boolean works() {
            return !goldenCase.isEmpty();
        }
    }

    private static final List<Row> RULE = List.of(
            works("description", "specs", "description: text"),
            works("labels\\[]\\..*", "specs", "labels: [{key: owner, source: k8s, value: platform}]"),
            works("log\\.value", "specs", "log: {value: audit}"),
            works("enableDefaultDeny\\..*", "default-deny-off", "enableDefaultDeny: {ingress: false, egress: false}"),
            works("endpointSelector\\.matchLabels\\{}", "specs", "endpointSelector: {matchLabels: {app: web}}"),
            works(
                    "endpointSelector\\.matchExpressions.*",
                    "match-expressions",
                    "endpointSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}"),
            refused(
                    "nodeSelector\\..*",
                    "nodeSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}"));

    private static final List<Row> ELEMENT = List.of(
            works("authentication\\.mode", "specs", "PEEREndpoints: [{}], authentication: {mode: disabled}"),
            refused("authentication\\.mode", "PEEREndpoints: [{}], authentication: {mode: required}"),
            refused("authentication\\.mode", "PEEREndpoints: [{}], authentication: {mode: test-always-fail}"),
            works("icmps.*", "icmp", "icmps: [{fields: [{family: IPv6, type: EchoRequest}]}]"),
            works("PEERCIDR\\[]", "cidr-except", "PEERCIDR: [192.0.2.0/24]"),
            works(
                    "PEERCIDRSet\\[]\\.(cidr|except\\[])",
                    "cidr-except",
                    "PEERCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]"),
            works("PEERCIDRSet\\[]\\.cidrGroupRef", "cidr-groups", "PEERCIDRSet: [{cidrGroupRef: office}]"),
            works(
                    "PEERCIDRSet\\[]\\.cidrGroupSelector.*",
                    "cidr-groups",
                    "PEERCIDRSet: [{cidrGroupSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}}]"),
            works(
                    "PEEREndpoints\\[]\\.matchLabels.*",
                    "namespace-boundaries",
                    "PEEREndpoints: [{matchLabels: {a: b}}]"),
            works(
                    "PEEREndpoints\\[]\\.matchExpressions.*",
                    "match-expressions",
                    "PEEREndpoints: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]"),
            works("PEEREntities\\[]", "entities", "PEEREntities: [cluster]"),
            works(
                    "PEERServices\\[]\\.k8sService\\..*",
                    "to-services",
                    "PEERServices: [{k8sService: {serviceName: db, namespace: demo}}]"),
            works(
                    "PEERServices\\[]\\.k8sServiceSelector\\..*",
                    "to-services",
                    "PEERServices: [{k8sServiceSelector: {namespace: demo, selector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}}}]"),
            works(
                    "toPorts\\[]\\.ports.*",
                    "port-ranges",
                    "toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}]}]"),
            works(
                    "toPorts\\[]\\.rules\\.http\\[]\\.(path|method|host|headers\\[]|headerMatches\\[]\\.(name|value))",
                    "http-merge",
                    http("{path: /, method: GET, host: a, headers: [X], headerMatches: [{name: X, value: a}]}")),
            refused(
                    "toPorts\\[]\\.rules\\.http\\[]\\.headerMatches\\[]\\.mismatch",
                    http("{headerMatches: [{name: X, mismatch: LOG}]}")),
            refused(
                    "toPorts\\[]\\.rules\\.http\\[]\\.headerMatches\\[]\\.secret\\..*",
                    http("{headerMatches: [{name: X, secret: {name: a, namespace: b}}]}")),
            refused(
                    "toPorts\\[]\\.rules\\.dns.*",
                    "toPorts: [{ports: [{port: \"53\"}], rules: {dns: [{matchName: a.b, matchPattern: \"*\"}]}}]"),
            refused("toPorts\\[]\\.serverNames\\[]", "toPorts: [{ports: [{port: \"443\"}], serverNames: [a.b]}]"),
            refused(
                    "toPorts\\[]\\.listener.*",
                    "toPorts: [{ports: [{port: \"80\"}], listener: {name: a, priority: 1, envoyConfig: {kind: CiliumEnvoyConfig, name: a}}}]"),
            refused("toPorts\\[]\\.terminatingTLS.*", tls("terminatingTLS")),
            refused("toPorts\\[]\\.originatingTLS.*", tls("originatingTLS")),
            refused("PEERFQDNs.*", "PEERFQDNs: [{matchName: a.b, matchPattern: \"*\"}]"),
            refused(
                    "PEERGroups.*",
                    "PEERGroups: [{aws: {labels: {a: b}, region: a, securityGroupsIds: [a], securityGroupsNames: [a]}}]"),
            refused(
                    "PEERNodes.*",
                    "PEERNodes: [{matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}]"),
            refused(
                    "PEERRequires.*",
                    "PEERRequires: [{matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}]"));

    @TestFactory
    Stream<DynamicTest> fieldsOfNamespacedPolicies() throws IOException {
        return SchemaFields.of("ciliumnetworkpolicies.yaml").stream()
                .flatMap(leaf -> tests(leaf, "CiliumNetworkPolicy", "{name: policy, namespace: demo}"));
    }

    @TestFactory
    Stream<DynamicTest> fieldsOfClusterwidePolicies() throws IOException {
        return SchemaFields.of("ciliumclusterwidenetworkpolicies.yaml").stream()
                .flatMap(leaf -> tests(leaf, "CiliumClusterwideNetworkPolicy", "{name: policy}"));
    }

    private static Stream<DynamicTest> tests(String leaf, String kind, String metadata) {
        var element = SECTION.matcher(leaf);
        boolean inElement = element.matches();
        var section = inElement ? element.group(1) : "ingress";
        var peer = section.startsWith("ingress") ? "from" : "to";
        var field = inElement
                ? element.group(2).replaceFirst("^" + peer + "(?=[A-Z])(?!Ports)", "PEER")
                : leaf.substring("spec.".length());
        var rows = (inElement ? ELEMENT : RULE)
                .stream().filter(row -> field.matches(row.field())).toList();
        assertThat(rows).as("rows for %s", leaf).isNotEmpty();
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(leaf + (row.works() ? " works" : " is refused"), () -> {
                    var sample = row.sample().replace("PEER", peer);
                    var rule = inElement
                            ? "endpointSelector: {}\n  %s: [{%s}]".formatted(section, sample)
                            : sample.contains("Selector")
                                    ? sample + "\n  ingress: [{}]"
                                    : "endpointSelector: {}\n  ingress: [{}]\n  " + sample;
                    var yaml = "apiVersion: cilium.io/v2\nkind: %s\nmetadata: %s\nspec:\n  %s\n"
                            .formatted(kind, metadata, rule);
                    assertThat(SchemaFields.isSet(yaml, leaf))
                            .as("the sample sets %s", leaf)
                            .isTrue();
                    check(row, leaf, section, parse(kind, yaml));
                }));
    }

    private static void check(Row row, String leaf, String section, ParsedPolicy parsed) throws IOException {
        if (row.works()) {
            assertThat(parsed.problems()).isEmpty();
            assertThat(parsed.rules()).hasSize(1);
            var name = leaf.replaceAll("[\\[\\]{}]", "").replaceAll(".*\\.", "");
            assertThat(Files.readString(GOLDENS.resolve(row.goldenCase()).resolve("in.yaml")))
                    .containsIgnoringCase(name.replaceFirst("^to(?=CIDR|Entities|Endpoints)", ""));
            return;
        }
        assertThat(parsed.problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(leaf.replace("[]", "[0]") + ".")
                        .startsWith(problem.path().replaceFirst("\\[\\d+]$", "")));
        if (leaf.startsWith("spec.nodeSelector")) {
            assertThat(parsed.rules()).isEmpty();
            return;
        }
        var rule = parsed.rules().getFirst();
        boolean ingress = section.toLowerCase(Locale.ROOT).startsWith("ingress");
        assertThat(ingress ? rule.ingressDefaultDeny() : rule.egressDefaultDeny())
                .isTrue();
        assertThat(rule.elements()).allMatch(RuleElement::deny).hasSize(section.endsWith("Deny") ? 2 : 0);
    }

    private static ParsedPolicy parse(String kind, String yaml) throws IOException {
        return CiliumPolicyParser.parse(
                kind.equals("CiliumNetworkPolicy")
                        ? Manifests.parse(CiliumNetworkPolicy.class, yaml)
                        : Manifests.parse(CiliumClusterwideNetworkPolicy.class, yaml));
    }

    private static Row works(String field, String goldenCase, String sample) {
        return new Row(field, goldenCase, sample);
    }

    private static Row refused(String field, String sample) {
        return new Row(field, "", sample);
    }

    private static String http(String rule) {
        return "toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [%s]}}]".formatted(rule);
    }

    private static String tls(String field) {
        return "toPorts: [{ports: [{port: \"443\"}], %s: {secret: {name: a, namespace: b}, trustedCA: a, certificate: b, privateKey: c}}]"
                .formatted(field);
    }
}
