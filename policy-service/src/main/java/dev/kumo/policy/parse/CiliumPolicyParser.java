// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.crd.Rule;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyRule;
import dev.kumo.policy.model.rule.RuleProblem;
import java.util.ArrayList;
import java.util.List;

/** Reads CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. Stateless. */
public final class CiliumPolicyParser {
    private CiliumPolicyParser() {}

    public static ParsedPolicy parse(PolicyResource resource) {
        var id = id(resource);
        List<RuleProblem> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<PolicyRule> rules = new ArrayList<>();
        var root = new FieldPath("", problems);
        if (resource.getSpec() == null && resource.getSpecs() == null) {
            root.field("spec").invalid("spec or specs must be given");
        }
        if (resource.getSpec() != null) {
            new CiliumRuleParser(id, notes)
                    .parse(0, resource.getSpec(), root.field("spec"))
                    .ifPresent(rules::add);
        }
        var specs = resource.getSpecs() == null ? List.<Rule>of() : resource.getSpecs();
        for (int index = 0; index < specs.size(); index++) {
            new CiliumRuleParser(id, notes)
                    .parse(1 + index, specs.get(index), root.field("specs").item(index))
                    .ifPresent(rules::add);
        }
        return new ParsedPolicy(id, rules, problems, notes);
    }

    public static PolicyId id(PolicyResource resource) {
        var metadata = resource.getMetadata();
        return switch (resource) {
            case CiliumNetworkPolicy namespaced ->
                new PolicyId("CiliumNetworkPolicy", metadata.getNamespace(), metadata.getName());
            case CiliumClusterwideNetworkPolicy clusterwide ->
                new PolicyId("CiliumClusterwideNetworkPolicy", "", metadata.getName());
        };
    }
}
