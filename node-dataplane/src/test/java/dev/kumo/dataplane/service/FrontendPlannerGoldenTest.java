// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.testkit.GoldenCases;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FrontendPlannerGoldenTest {
    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(Path.of("src/test/resources/FrontendPlanner"), FrontendPlannerGoldenTest::plan);
    }

    private static String plan(List<String> documents) {
        Facts facts = Facts.of(documents);
        return PlanText.of(new FrontendPlanner(facts.node()).plan(facts.services, facts.backends, facts.hostPorts));
    }
}
