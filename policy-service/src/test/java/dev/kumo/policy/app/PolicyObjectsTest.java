// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.crd.CiliumCIDRGroup;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.crd.PolicyCondition;
import dev.kumo.policy.crd.PolicyStatus;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.SliceView;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyObjectsTest {
    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @Test
    void aPolicyComesWithItsGenerationAndItsCondition() {
        var view = read("""
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: color, namespace: shop, uid: u1, generation: 3}
                spec: {endpointSelector: {}, ingress: [{}]}
                status:
                  conditions:
                    - {type: Other, status: "False"}
                    - {type: Valid, status: "True", reason: Accepted, message: fine, lastTransitionTime: "2026-01-01T00:00:00Z"}
                """);

        assertThat(view.policy().problems()).isEmpty();
        assertThat(view.policy().rules()).hasSize(1);
        assertThat(view.uid()).isEqualTo("u1");
        assertThat(view.generation()).isEqualTo(3);
        assertThat(view.condition())
                .contains(new PolicyView.Condition("True", "Accepted", "fine", "2026-01-01T00:00:00Z"));
    }

    @Test
    void onePolicyThatCannotBeDecodedSaysSoItself() {
        var view = read("""
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: bad, namespace: shop, uid: u1, generation: 1}
                spec: {endpointSelector: {}, ingress: {fromEndpoints: []}}
                """);

        assertThat(view.policy().id()).hasToString("CiliumNetworkPolicy/shop/bad");
        assertThat(view.policy().rules()).isEmpty();
        assertThat(view.policy().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("spec");
            assertThat(problem.message()).isNotBlank();
        });
    }

    @Test
    void aForeignStatusOfAnyShapeHarmsNothing() {
        var view = read("""
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: color, namespace: shop}
                spec: {endpointSelector: {}, ingress: [{}]}
                status: {conditions: [{type: Valid}]}
                """);

        assertThat(view.policy().problems()).isEmpty();
        assertThat(view.condition()).contains(new PolicyView.Condition("", "", "", ""));
    }

    @Test
    void aStatusIsWrittenWithoutWhatIsAbsent() {
        var policy = new CiliumNetworkPolicy();
        policy.setStatus(
                new PolicyStatus(List.of(new PolicyCondition("Valid", "True", null, "Accepted", "fine")), null));

        assertThat(yaml.asJson(policy))
                .contains("\"status\":{\"conditions\":[{\"type\":\"Valid\",\"status\":\"True\"")
                .doesNotContain("null");
    }

    @Test
    void slicesThatFollowFromASelectorAreLeftOut() {
        assertThat(RuleReader.slice(slice("endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io")))
                .isNull();
        assertThat(RuleReader.slice(slice("a: b")))
                .isEqualTo(new SliceView("default", "kubernetes", List.of("172.18.0.2")));
    }

    @Test
    void aMemberOfAGroupThatIsNoBlockIsLeftOutAndNamed() {
        var row = RuleReader.cidrGroup(yaml.unmarshal("""
                apiVersion: cilium.io/v2
                kind: CiliumCIDRGroup
                metadata: {name: partners, labels: {team: blue}}
                spec: {externalCIDRs: [192.0.2.0/24, nonsense]}
                """, CiliumCIDRGroup.class));

        assertThat(row.group().blocks()).hasToString("[192.0.2.0/24]");
        assertThat(row.group().labels().byKey()).containsEntry("k8s:team", "blue");
        assertThat(row.refused()).containsExactly("nonsense");
    }

    @Test
    void portsAreNamedByContainersAndByInitContainersThatGoOn() {
        var pod = PolicyReader.pod(yaml.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: shop}
                spec:
                  initContainers:
                    - {name: once, ports: [{name: once, containerPort: 1}]}
                    - {name: proxy, restartPolicy: Always, ports: [{name: dns, containerPort: 53, protocol: UDP}]}
                  containers:
                    - {name: web, ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]}
                """, Pod.class));

        assertThat(pod.namedPorts()).containsExactly(new NamedPort("dns", 17, 53), new NamedPort("http", 6, 8080));
    }

    private EndpointSlice slice(String label) {
        return yaml.unmarshal("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: x, namespace: default, labels: {kubernetes.io/service-name: kubernetes, %s}}
                addressType: IPv4
                endpoints: [{addresses: [172.18.0.2]}]
                """.formatted(label), EndpointSlice.class);
    }

    private PolicyView read(String text) {
        return PolicyObjects.reader(CiliumNetworkPolicy.class, "CiliumNetworkPolicy")
                .of(yaml.unmarshal(text, GenericKubernetesResource.class), yaml);
    }
}
