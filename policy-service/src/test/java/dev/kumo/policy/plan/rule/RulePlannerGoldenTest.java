// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.testkit.GoldenCases;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RulePlannerGoldenTest {
    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(Path.of("src/test/resources/RulePlanner"), RulePlannerGoldenTest::plan);
    }

    private static String plan(List<String> documents) {
        var cluster = new GoldenCluster(documents);
        return RulePlanText.of(new RulePlanner().plan(cluster.inputs()), cluster);
    }
}
