// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.uninstall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** From the DaemonSet that is shipped to the Job that undoes it. */
class CleanupJobTest {
    private static final Path SHIPPED = Path.of("../k8s/base/node-dataplane/daemonset.yaml");

    @Test
    void cleansWithTheDataplanesOwnImageMountsAndSettings() throws Exception {
        var dataplane = shipped();

        var pod = CleanupJob.of(dataplane, "w1").getSpec().getTemplate().getSpec();

        var cleanup = pod.getInitContainers().getFirst();
        var original =
                dataplane.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(cleanup.getArgs()).containsExactly("cleanup");
        assertThat(cleanup.getImage()).isEqualTo(original.getImage());
        assertThat(cleanup.getVolumeMounts()).isEqualTo(original.getVolumeMounts());
        assertThat(cleanup.getEnvFrom()).isEqualTo(original.getEnvFrom());
        assertThat(cleanup.getSecurityContext().getPrivileged()).isTrue();
        assertThat(cleanup.getLivenessProbe()).isNull();
        assertThat(pod.getHostNetwork()).isTrue();
    }

    @Test
    void thePluginGoesLast() throws Exception {
        var pod = CleanupJob.of(shipped(), "w1").getSpec().getTemplate().getSpec();

        assertThat(pod.getInitContainers()).hasSize(1);
        assertThat(pod.getContainers())
                .singleElement()
                .satisfies(container -> assertThat(container.getCommand())
                        .containsExactly("/opt/kumo/cni/kumo-cni", "uninstall", "/host/opt/cni/bin"));
    }

    @Test
    void runsOnItsNodeThoughTheDataplaneMustNot() throws Exception {
        var dataplane = new DaemonSetBuilder(shipped())
                .editSpec()
                .editTemplate()
                .editSpec()
                .addToNodeSelector("disk", "fast")
                .addToNodeSelector(Uninstall.NOWHERE, "true")
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();

        var pod = CleanupJob.of(dataplane, "w1").getSpec().getTemplate().getSpec();

        assertThat(pod.getNodeName()).isEqualTo("w1");
        assertThat(pod.getNodeSelector()).containsOnlyKeys("disk");
    }

    @Test
    void namesFitALabel() {
        assertThat(CleanupJob.name("w1")).isEqualTo("node-cleanup-w1");
        var first = CleanupJob.name("a".repeat(100));
        var second = CleanupJob.name("a".repeat(99) + "b");
        assertThat(first).hasSizeLessThanOrEqualTo(63).isNotEqualTo(second);
    }

    @Test
    void refusesAnotherDaemonSetOfThatName() throws Exception {
        var foreign = new DaemonSetBuilder(shipped())
                .editSpec()
                .editTemplate()
                .editSpec()
                .withInitContainers()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();

        assertThatThrownBy(() -> CleanupJob.of(foreign, "w1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no container install-cni");
    }

    private static DaemonSet shipped() throws Exception {
        return new KubernetesSerialization().unmarshal(Files.readString(SHIPPED), DaemonSet.class);
    }
}
