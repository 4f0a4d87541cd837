// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kumo.testkit.GoldenCases;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** From the API server's objects to what people read. */
class StatusGoldenTest {
    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @TestFactory
    Stream<DynamicTest> prints() {
        return GoldenCases.in(Path.of("src/test/resources/StatusPlanner"), this::print);
    }

    private String print(List<String> documents) {
        var deployments = new ArrayList<Deployment>();
        var sets = new ArrayList<DaemonSet>();
        var pods = new ArrayList<Pod>();
        var nodes = new ArrayList<Node>();
        for (String document : documents) {
            Object resource = yaml.unmarshal(document);
            switch (resource) {
                case Deployment deployment -> deployments.add(deployment);
                case DaemonSet set -> sets.add(set);
                case Pod pod -> pods.add(pod);
                case Node node -> nodes.add(node);
                default -> throw new IllegalArgumentException("unexpected in a case: " + resource);
            }
        }
        ClusterStatus status = new StatusPlanner().plan(new ClusterFacts(deployments, sets, pods, nodes));
        return StatusText.of(status) + "\nhealthy: " + status.healthy() + "\nenvoy in JSON: "
                + new ObjectMapper().valueToTree(status).path("envoy") + "\n";
    }
}
