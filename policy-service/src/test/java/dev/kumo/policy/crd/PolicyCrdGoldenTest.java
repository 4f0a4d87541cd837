// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import dev.kumo.testkit.crd.CrdGolden;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyCrdGoldenTest {
    @Test
    void identity() throws IOException {
        CrdGolden.check(List.of(CiliumIdentity.class));
    }

    @Test
    void networkPolicy() throws IOException {
        CrdGolden.check(List.of(CiliumNetworkPolicy.class));
    }

    @Test
    void clusterwideNetworkPolicy() throws IOException {
        CrdGolden.check(List.of(CiliumClusterwideNetworkPolicy.class));
    }

    @Test
    void cidrGroup() throws IOException {
        CrdGolden.check(List.of(CiliumCIDRGroup.class, CiliumCIDRGroupV2Alpha1.class));
    }
}
