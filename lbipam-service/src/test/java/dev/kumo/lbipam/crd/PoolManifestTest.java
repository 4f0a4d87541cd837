// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.crd.Manifests;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolManifestTest {
    @Test
    void handsOnPoolDecodesInBothVersions() throws IOException {
        var blocks = List.of(new IpBlock(null, "172.18.0.200", "172.18.0.250"));
        assertThat(Manifests.read(CiliumLoadBalancerIPPoolV2Alpha1.class, "handson-pool")
                        .getSpec()
                        .blocks())
                .isEqualTo(blocks);
        var stored = Manifests.text(getClass(), "handson-pool").replace("v2alpha1", "v2");
        assertThat(Manifests.parse(CiliumLoadBalancerIPPool.class, stored)
                        .getSpec()
                        .blocks())
                .isEqualTo(blocks);
    }

    @Test
    void formerNameOfBlocksIsRefused() throws IOException {
        var yaml = Manifests.text(getClass(), "handson-pool").replace("blocks:", "cidrs:");
        assertThatThrownBy(() -> Manifests.parse(CiliumLoadBalancerIPPoolV2Alpha1.class, yaml))
                .hasMessageContaining("\"cidrs\"");
    }
}
