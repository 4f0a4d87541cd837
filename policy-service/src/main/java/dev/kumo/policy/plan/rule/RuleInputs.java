// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.policy.model.rule.ServiceView;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that classes are planned from; lists in any order.
 *
 * @param policies of all kinds
 * @param identities labels by number, of every identity that a peer may have; reserved ones need not be among them
 * @param endpoints every pod of the cluster that has an identity
 */
public record RuleInputs(
        List<ParsedPolicy> policies,
        SortedMap<Integer, SecurityLabels> identities,
        List<RuleEndpoint> endpoints,
        List<ServiceView> services,
        List<CidrGroupView> cidrGroups) {
    public RuleInputs {
        policies = List.copyOf(policies);
        identities = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Integer, SecurityLabels>) identities));
        endpoints = List.copyOf(endpoints);
        services = List.copyOf(services);
        cidrGroups = List.copyOf(cidrGroups);
    }
}
