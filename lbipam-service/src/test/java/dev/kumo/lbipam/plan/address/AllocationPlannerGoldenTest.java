// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.lbipam.app.PoolReader;
import dev.kumo.lbipam.app.ServiceReader;
import dev.kumo.lbipam.crd.CiliumLoadBalancerIPPool;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.testkit.GoldenCases;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class AllocationPlannerGoldenTest {
    private static final int ROUNDS = 3;
    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @TestFactory
    Stream<DynamicTest> plansWhereNodesServeIpv4() {
        return GoldenCases.in(
                Path.of("src/test/resources/AllocationPlanner"),
                documents -> plan(documents, Set.of(AddressFamily.IPV4)));
    }

    @TestFactory
    Stream<DynamicTest> plansWhereNodesServeBothFamilies() {
        return GoldenCases.in(
                Path.of("src/test/resources/AllocationPlannerDualStack"),
                documents -> plan(documents, EnumSet.allOf(AddressFamily.class)));
    }

    private String plan(List<String> documents, Set<AddressFamily> served) {
        var inputs = inputs(documents);
        var planner = new AllocationPlanner(served);
        var plan = planner.plan(inputs);
        settles(planner, inputs, plan);
        return AllocationText.of(plan);
    }

    /** What was given in the first plan stays when that is written and planned from again, and nothing is left to write. */
    private static void settles(AllocationPlanner planner, AllocationInputs inputs, AllocationPlan first) {
        var world = Applied.to(inputs, first);
        var plan = planner.plan(world);
        for (int round = 0; round < ROUNDS; round++) {
            for (var allocation : first.services().values()) {
                if (allocation.condition().isPresent()) {
                    assertThat(plan.services().get(allocation.service()).addresses())
                            .as("addresses of %s", allocation.service())
                            .containsAll(allocation.addresses());
                }
            }
            world = Applied.to(world, plan);
            plan = planner.plan(world);
        }
        assertThat(plan.outdatedServices())
                .as("Services to be written after that")
                .isEmpty();
        assertThat(plan.outdatedPools()).as("pools to be written after that").isEmpty();
    }

    private AllocationInputs inputs(List<String> documents) {
        var services = new ArrayList<ServiceClaim>();
        var pools = new ArrayList<PoolView>();
        for (String document : documents) {
            Object resource = yaml.unmarshal(document);
            switch (resource) {
                case Service service -> services.add(ServiceReader.claim(service));
                case CiliumLoadBalancerIPPool pool -> pools.add(PoolReader.pool(pool));
                case GenericKubernetesResource pool ->
                    pools.add(PoolReader.pool(yaml.convertValue(pool, CiliumLoadBalancerIPPool.class)));
                default -> throw new IllegalArgumentException("unexpected in a case: " + resource);
            }
        }
        return new AllocationInputs(pools, new TreeMap<>(), services, new TreeMap<>());
    }
}
