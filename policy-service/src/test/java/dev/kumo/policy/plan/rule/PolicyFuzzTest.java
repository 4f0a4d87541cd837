// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.testkit.fuzz.FuzzedRandom;
import dev.kumo.testkit.fuzz.MutatedCases;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

class PolicyFuzzTest {
    private static final MutatedCases CASES = MutatedCases.ofGoldens(
            List.of(Path.of("src/test/resources/RulePlanner")),
            Set.of("NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"));
    private static final int FLOWS = 20;

    /** Whatever somebody writes is planned or refused by name, and never keeps others from their plan. */
    @FuzzTest
    void nearlyRightPoliciesArePlannedOrRefusedWithAReason(FuzzedDataProvider data) {
        var documents = CASES.documents(data);
        var cluster = MutatedCases.readable(() -> new GoldenCluster(documents));
        if (cluster.isEmpty()) {
            return;
        }
        var inputs = cluster.get().inputs();
        var text = String.join("---\n", documents);
        var plan = new RulePlanner().plan(inputs);
        assertThat(plan.verdicts())
                .as(text)
                .hasSameSizeAs(inputs.policies())
                .allMatch(verdict -> verdict.valid() || !verdict.message().isBlank());
        for (var policy : inputs.policies()) {
            assertThat(policy.problems())
                    .as(text)
                    .allMatch(problem ->
                            !problem.path().isBlank() && !problem.message().isBlank());
            var refused = policy.problems().stream()
                    .map(problem -> ruleOf(problem.path()))
                    .collect(Collectors.toSet());
            assertThat(policy.rules())
                    .as("a refused rule allows nothing: %s", text)
                    .noneMatch(rule -> refused.contains(rule.index())
                            && rule.elements().stream().anyMatch(element -> !element.deny()));
        }
    }

    /** The index of {@code spec} is 0, that of {@code specs[0]} is 1. */
    private static int ruleOf(String path) {
        return path.startsWith("specs[") ? 1 + Integer.parseInt(path.substring(6, path.indexOf(']'))) : 0;
    }

    /** As {@link RulePlannerPropertyTest}, with policies that the fuzzer chooses by what they reach in the planner. */
    @FuzzTest
    void acceptedPoliciesMeanWhatTheyMeanOneByOne(FuzzedDataProvider data) {
        var random = new FuzzedRandom(data);
        var world = new World();
        var policies = new RandomPolicies(random).some();
        var plan = new RulePlanner().plan(world.inputs(RulePlannerPropertyTest.parsed(policies)));
        var planned = new LongestMatch(plan);
        var naive = new NaiveEvaluator(policies);
        var flows = new Random(random.nextInt());
        for (int count = 0; count < FLOWS; count++) {
            var flow = RulePlannerPropertyTest.flow(world, flows);
            var expected = naive.decide(flow);
            var actual = planned.decide(flow.subject(), flow.direction(), flow.peer(), flow.protocol(), flow.port());
            if (!actual.equals(expected)) {
                assertThat(actual)
                        .as("%s%n%s", flow, Serialization.asYaml(policies))
                        .isEqualTo(expected);
            }
        }
    }
}
