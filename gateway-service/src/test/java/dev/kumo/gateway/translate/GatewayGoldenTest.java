// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import dev.kumo.testkit.GoldenCases;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class GatewayGoldenTest {
    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(Path.of("src/test/resources/gateway"), documents -> {
            var golden = new GatewayCase(documents);
            return golden.text(golden.plan());
        });
    }

    @TestFactory
    Stream<DynamicTest> plansIngresses() {
        return GoldenCases.in(
                Path.of("src/test/resources/ingress"),
                documents -> GatewayCase.text(new GatewayCase(documents).ingressPlan()));
    }
}
