// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.ServiceView;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A plan with what it was made of on the way, so that the next one takes over what depends on nothing that has changed. Immutable.
 */
public final class CompiledRules {
    /** Before the first plan. */
    public static final CompiledRules NOTHING = new CompiledRules(
            RulePlan.NOTHING, new Peers(new TreeMap<>(), List.of(), List.of()), Map.of(), Map.of(), Map.of());

    private final RulePlan plan;
    private final Peers peers;
    private final Map<PolicyId, Resolved> resolved;
    private final Map<Integer, SortedSet<NamedPort>> portsOfPeers;
    private final Map<String, FittedClass> fitted;

    /** All that decides whom a peer of a rule means. */
    record Peers(
            SortedMap<Integer, SecurityLabels> identities,
            List<ServiceView> services,
            List<CidrGroupView> cidrGroups) {}

    /** A policy with its peers resolved. */
    record Resolved(ParsedPolicy policy, List<ResolvedRule> rules) {}

    CompiledRules(
            RulePlan plan,
            Peers peers,
            Map<PolicyId, Resolved> resolved,
            Map<Integer, SortedSet<NamedPort>> portsOfPeers,
            Map<String, FittedClass> fitted) {
        this.plan = plan;
        this.peers = peers;
        this.resolved = resolved;
        this.portsOfPeers = portsOfPeers;
        this.fitted = fitted;
    }

    public RulePlan plan() {
        return plan;
    }

    Peers peers() {
        return peers;
    }

    Map<PolicyId, Resolved> resolved() {
        return resolved;
    }

    Map<Integer, SortedSet<NamedPort>> portsOfPeers() {
        return portsOfPeers;
    }

    /** By the class's key. */
    Map<String, FittedClass> fitted() {
        return fitted;
    }
}
