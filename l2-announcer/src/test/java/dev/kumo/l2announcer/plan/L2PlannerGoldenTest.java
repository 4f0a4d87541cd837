// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.testkit.GoldenCases;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class L2PlannerGoldenTest {
    private static final int ROUNDS = 4;
    private final L2Planner planner = new L2Planner();

    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(Path.of("src/test/resources/L2Planner"), this::plan);
    }

    private String plan(List<String> documents) {
        var inputs = CaseReader.read(documents);
        var plan = planner.plan(inputs);
        settles(inputs, plan);
        return PlanText.of(plan);
    }

    /** Once what the plan says is written and answered, a few plans later nothing is left to do. */
    private void settles(AnnouncementInputs inputs, AnnouncementPlan first) {
        var world = Applied.to(inputs, first);
        var plan = planner.plan(world);
        for (int round = 0; round < ROUNDS; round++) {
            world = Applied.to(world, plan);
            plan = planner.plan(world);
        }
        assertThat(plan.groups()).as("Leases to be written after that").noneMatch(LeaseGroup::outdated);
        assertThat(plan.withdrawn()).as("Leases to be withdrawn after that").isEmpty();
        assertThat(plan.outdatedPolicies())
                .as("policies to be written after that")
                .isEmpty();
    }
}
