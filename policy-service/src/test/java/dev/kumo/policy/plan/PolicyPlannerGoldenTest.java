// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.app.PolicyReader;
import dev.kumo.policy.crd.CiliumIdentity;
import dev.kumo.policy.model.Claim;
import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.testkit.GoldenCases;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Cases hold Kubernetes objects and, as kinds of the test alone, {@code Claim} (a node's report) and {@code InForce}. */
class PolicyPlannerGoldenTest {
    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(Path.of("src/test/resources/PolicyPlanner"), this::plan);
    }

    private String plan(List<String> documents) {
        var nodes = new ArrayList<NodeView>();
        var namespaces = new ArrayList<NamespaceView>();
        var pods = new ArrayList<PodView>();
        var identities = new ArrayList<IdentityView>();
        var claims = new ArrayList<Claim>();
        var inForce = new TreeMap<String, PlannedEndpoint>();
        for (String document : documents) {
            Object resource = yaml.unmarshal(document);
            switch (resource) {
                case Node node -> nodes.add(PolicyReader.node(node));
                case Namespace namespace -> namespaces.add(PolicyReader.namespace(namespace));
                case Pod pod -> pods.add(PolicyReader.pod(pod));
                case CiliumIdentity identity -> identities.add(PolicyReader.identity(identity));
                case GenericKubernetesResource other
                when other.getKind().equals("CiliumIdentity") ->
                    identities.add(PolicyReader.identity(yaml.convertValue(other, CiliumIdentity.class)));
                case GenericKubernetesResource other when other.getKind().equals("Claim") -> claims.add(claim(other));
                case GenericKubernetesResource other
                when other.getKind().equals("InForce") -> {
                    var endpoint = inForce(other);
                    inForce.put(endpoint.podUid(), endpoint);
                }
                default -> throw new IllegalArgumentException("unexpected in a case: " + resource);
            }
        }
        return PlanText.of(
                new PolicyPlanner().plan(new PolicyInputs(nodes, namespaces, pods, identities, claims, inForce)));
    }

    private static Claim claim(GenericKubernetesResource report) {
        return new Claim(
                text(report, "node"),
                text(report, "uid"),
                text(report, "namespace"),
                text(report, "pod"),
                new IPAddressString(text(report, "address")).getAddress(),
                (int) report.getAdditionalProperties().getOrDefault("installed", 0));
    }

    @SuppressWarnings("unchecked")
    private static PlannedEndpoint inForce(GenericKubernetesResource endpoint) {
        return new PlannedEndpoint(
                text(endpoint, "uid"),
                text(endpoint, "namespace"),
                text(endpoint, "pod"),
                text(endpoint, "node"),
                new IPAddressString(text(endpoint, "address")).getAddress(),
                (int) endpoint.getAdditionalProperties().get("identity"),
                SecurityLabels.of(
                        (Map<String, String>) endpoint.getAdditionalProperties().get("labels")),
                true);
    }

    private static String text(GenericKubernetesResource resource, String field) {
        return (String) resource.getAdditionalProperties().get(field);
    }
}
