// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.crd.Manifests;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PolicyManifestTest {
    @Test
    void everyFieldDecodes() throws IOException {
        var rule = Manifests.read(CiliumNetworkPolicy.class, "every-field").getSpec();
        assertThat(rule.egress()).hasSize(4);
        assertThat(rule.ingress().get(0).fromEntities()).containsExactly(Entity.CLUSTER, Entity.CLUSTER_MESH);
        assertThat(rule.ingress().get(4).icmps().get(0).fields())
                .extracting(field -> field.type().getValue())
                .containsExactly(8, "EchoRequest");
        assertThat(rule.egress().get(3).toPorts().get(0).listener().priority()).isEqualTo(10);
    }

    @Test
    void absentAndEmptyStayApart() throws IOException {
        var policy = Manifests.read(CiliumNetworkPolicy.class, "every-field");
        assertThat(policy.getSpecs()).singleElement().satisfies(rule -> {
            assertThat(rule.ingress()).isEmpty();
            assertThat(rule.egress()).isNull();
        });
    }

    @Test
    void handsOnPoliciesDecode() throws IOException {
        var namespaced = Manifests.read(CiliumNetworkPolicy.class, "handson-cnp");
        assertThat(namespaced.getSpec().ingress())
                .extracting(rule -> rule.toPorts().get(0).rules().http().size())
                .containsExactly(2, 1);
        var clusterwide = Manifests.read(CiliumClusterwideNetworkPolicy.class, "handson-ccnp");
        assertThat(clusterwide.getSpec().ingress().get(0).toPorts().get(0).rules())
                .isNull();
    }

    @Test
    void identityLabelsAreSortedAndUnmodifiable() throws IOException {
        var labels = Manifests.read(CiliumIdentity.class, "identity").getSecurityLabels();
        assertThat(labels.keySet()).containsExactly("k8s:app", "k8s:io.kubernetes.pod.namespace");
        assertThatThrownBy(() -> labels.put("k8s:app", "other")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void groupDecodes() throws IOException {
        assertThat(Manifests.read(CiliumCIDRGroup.class, "cidr-group").getSpec().externalCIDRs())
                .containsExactly("192.0.2.0/24", "2001:db8::/32");
    }

    @Test
    void removedKafkaRulesAreRefusedByPath() throws IOException {
        var yaml = Manifests.text(CiliumNetworkPolicy.class, "handson-cnp").replace("http:", "kafka:");
        assertThatThrownBy(() -> Manifests.parse(CiliumNetworkPolicy.class, yaml))
                .hasMessageContaining("\"kafka\"")
                .hasMessageContaining("\"toPorts\"");
    }

    @Test
    void unknownProtocolIsRefused() throws IOException {
        var yaml = Manifests.text(CiliumNetworkPolicy.class, "handson-cnp").replace("protocol: TCP", "protocol: QUIC");
        assertThatThrownBy(() -> Manifests.parse(CiliumNetworkPolicy.class, yaml))
                .hasMessageContaining("QUIC")
                .hasMessageContaining("\"ports\"");
    }

    @Test
    void policyAsWrittenIsPolicyAsRead() throws IOException {
        var policy = Manifests.read(CiliumNetworkPolicy.class, "every-field");
        var again = Manifests.parse(CiliumNetworkPolicy.class, Serialization.asYaml(policy));
        assertThat(again.getSpec()).isEqualTo(policy.getSpec());
        assertThat(again.getSpecs()).isEqualTo(policy.getSpecs());
    }
}
