// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import dev.kumo.testkit.crd.CrdGolden;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolCrdGoldenTest {
    @Test
    void pool() throws IOException {
        CrdGolden.check(List.of(CiliumLoadBalancerIPPool.class, CiliumLoadBalancerIPPoolV2Alpha1.class));
    }
}
