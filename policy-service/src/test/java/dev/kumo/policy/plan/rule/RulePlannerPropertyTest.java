// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.parse.CiliumPolicyParser;
import dev.kumo.policy.parse.NetworkPolicyParser;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RulePlannerPropertyTest {
    private static final int SETS = 2_500;
    private static final int FLOWS = 50;
    private static final List<int[]> PORTS = List.of(
            new int[] {6, 80},
            new int[] {6, 8080},
            new int[] {6, 9090},
            new int[] {6, 53},
            new int[] {6, 443},
            new int[] {17, 53},
            new int[] {17, 80},
            new int[] {132, 79},
            new int[] {1, 0},
            new int[] {1, 8},
            new int[] {58, 8},
            new int[] {47, 0});

    @Test
    void longestMatchIsTheVerdictThatThePoliciesGiveOneByOne() {
        var world = new World();
        Map<Decision.Kind, Integer> seen = new EnumMap<>(Decision.Kind.class);
        for (int seed = 0; seed < SETS; seed++) {
            var random = new Random(seed);
            var policies = new RandomPolicies(random).some();
            var plan = new RulePlanner().plan(world.inputs(parsed(policies)));
            assertThat(plan.verdicts()).as("seed %d", seed).allMatch(PolicyVerdict::valid);
            var planned = new LongestMatch(plan);
            var naive = new NaiveEvaluator(policies);
            for (int count = 0; count < FLOWS; count++) {
                var flow = flow(world, random);
                var expected = naive.decide(flow);
                var actual =
                        planned.decide(flow.subject(), flow.direction(), flow.peer(), flow.protocol(), flow.port());
                if (!actual.equals(expected)) {
                    assertThat(actual)
                            .as("seed %d, %s%n%s", seed, flow, Serialization.asYaml(policies))
                            .isEqualTo(expected);
                }
                seen.merge(expected.kind(), 1, Integer::sum);
            }
        }
        assertThat(seen)
                .as("every verdict is tried often")
                .allSatisfy((kind, count) -> assertThat(count).isGreaterThan(1_000));
    }

    @Test
    void planIsTheSameInAnyOrder() {
        var world = new World();
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var policies = new ArrayList<>(parsed(new RandomPolicies(random).some()));
            var first = new RulePlanner().plan(world.inputs(policies));
            Collections.shuffle(policies, random);
            assertThat(new RulePlanner().plan(world.inputs(policies)))
                    .as("seed %d", seed)
                    .isEqualTo(first);
        }
    }

    @Test
    void whatIsTakenOverFromAnyPlanChangesNothing() {
        var world = new World();
        var before = CompiledRules.NOTHING;
        for (int seed = 0; seed < 400; seed++) {
            var random = new Random(seed);
            var policies = new ArrayList<>(parsed(new RandomPolicies(random).some()));
            for (int step = 0; step < 4; step++) {
                var inputs = random.nextInt(4) == 0
                        ? world.without(random.nextInt(world.pods.size()), policies)
                        : world.inputs(policies);
                before = new RulePlanner().plan(inputs, before);
                assertThat(before.plan()).as("seed %d, step %d", seed, step).isEqualTo(new RulePlanner().plan(inputs));
                if (!policies.isEmpty()) {
                    // Of the same names in most cases: what stays under its name and what doesn't.
                    policies.remove(random.nextInt(policies.size()));
                    policies.addAll(parsed(new RandomPolicies(random).some()).stream()
                            .filter(other -> policies.stream()
                                    .noneMatch(policy -> policy.id().equals(other.id())))
                            .toList());
                }
            }
        }
    }

    static NaiveEvaluator.Flow flow(World world, Random random) {
        var parties = world.parties();
        // Half of the flows go where HTTP rules are.
        var target = PORTS.get(random.nextInt(random.nextBoolean() ? 2 : PORTS.size()));
        return new NaiveEvaluator.Flow(
                world.pods.get(random.nextInt(world.pods.size())),
                random.nextBoolean() ? Direction.INGRESS : Direction.EGRESS,
                parties.get(random.nextInt(parties.size())),
                target[0],
                target[1]);
    }

    static List<ParsedPolicy> parsed(List<HasMetadata> policies) {
        return policies.stream()
                .map(policy -> switch (policy) {
                    case NetworkPolicy network -> NetworkPolicyParser.parse(network);
                    case PolicyResource cilium -> CiliumPolicyParser.parse(cilium);
                    default -> throw new AssertionError(policy);
                })
                .toList();
    }
}
