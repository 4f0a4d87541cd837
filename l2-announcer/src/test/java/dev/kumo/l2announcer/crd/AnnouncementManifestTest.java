// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.crd.Manifests;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AnnouncementManifestTest {
    @Test
    void handsOnPolicyDecodes() throws IOException {
        var spec = Manifests.read(CiliumL2AnnouncementPolicy.class, "handson-l2announcement")
                .getSpec();
        assertThat(spec.loadBalancerIPs()).isTrue();
        assertThat(spec.externalIPs()).isNull();
        assertThat(spec.interfaces()).containsExactly("^eth[0-9]+");
        assertThat(spec.nodeSelector().getMatchExpressions())
                .singleElement()
                .satisfies(expression -> assertThat(expression.getOperator()).isEqualTo("DoesNotExist"));
    }

    @Test
    void unknownFieldIsRefused() throws IOException {
        var yaml = Manifests.text(getClass(), "handson-l2announcement").replace("loadBalancerIPs", "loadBalancerIps");
        assertThatThrownBy(() -> Manifests.parse(CiliumL2AnnouncementPolicy.class, yaml))
                .hasMessageContaining("\"loadBalancerIps\"");
    }
}
