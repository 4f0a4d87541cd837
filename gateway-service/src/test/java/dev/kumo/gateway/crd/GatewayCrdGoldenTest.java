// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import dev.kumo.testkit.crd.CrdGolden;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayCrdGoldenTest {
    @Test
    void envoyConfig() throws IOException {
        CrdGolden.check(List.of(CiliumEnvoyConfig.class));
    }

    @Test
    void clusterwideEnvoyConfig() throws IOException {
        CrdGolden.check(List.of(CiliumClusterwideEnvoyConfig.class));
    }

    @Test
    void gatewayClassConfig() throws IOException {
        CrdGolden.check(List.of(CiliumGatewayClassConfig.class));
    }
}
