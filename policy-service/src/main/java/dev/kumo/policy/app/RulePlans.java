// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.policy.model.PodView;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.plan.rule.CompiledRules;
import dev.kumo.policy.plan.rule.RuleInputs;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.policy.plan.rule.RulePlanner;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles the policies anew when something that they depend on has changed. Planning thread only. */
final class RulePlans {
    private final PolicyTables tables;
    private final RulePlanner planner = new RulePlanner();
    private @Nullable RuleInputs compiled;
    private CompiledRules rules = CompiledRules.NOTHING;

    RulePlans(PolicyTables tables) {
        this.tables = tables;
    }

    /** @param retired identities that nobody has and that are no longer served */
    RulePlan plan(PolicyPlan identities, Set<Integer> retired) {
        var inputs = inputs(identities, retired);
        if (!inputs.equals(compiled)) {
            rules = planner.plan(inputs, rules);
            compiled = inputs;
        }
        return rules.plan();
    }

    private RuleInputs inputs(PolicyPlan identities, Set<Integer> retired) {
        var served = new TreeMap<>(identities.identities());
        served.keySet().removeAll(retired);
        var ports = new HashMap<String, SortedSet<NamedPort>>();
        for (PodView pod : tables.pods().rows().values()) {
            ports.put(pod.uid(), pod.namedPorts());
        }
        return new RuleInputs(
                tables.rules().policies().stream().map(PolicyView::policy).toList(),
                served,
                identities.endpoints().values().stream()
                        .map(endpoint -> endpoint(endpoint, ports))
                        .toList(),
                tables.rules().services(),
                tables.rules().cidrGroups());
    }

    /** A pod that is gone, but still reported, names no port any more. */
    private static RuleEndpoint endpoint(PlannedEndpoint endpoint, Map<String, SortedSet<NamedPort>> ports) {
        return new RuleEndpoint(
                endpoint.podUid(),
                endpoint.identity(),
                endpoint.labels(),
                ports.getOrDefault(endpoint.podUid(), new TreeSet<>()));
    }
}
