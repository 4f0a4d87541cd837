// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig;

import dev.kumo.testkit.GoldenCases;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class EnvoyConfigGoldenTest {
    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(
                Path.of("src/test/resources/envoyconfig"), documents -> new EnvoyConfigCase(documents).text());
    }
}
