// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.RequestMatch;
import dev.kumo.policy.model.rule.RuleEndpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One run of the planner. */
final class RulePlanning {
    private final RuleInputs inputs;
    private final CompiledRules before;
    private final CompiledRules.Peers peers;
    private final Map<PolicyId, CompiledRules.Resolved> resolved = new HashMap<>();
    private final Map<Integer, SortedSet<NamedPort>> portsOfPeers;
    private final Map<String, FittedClass> fitted = new HashMap<>();
    private final SubjectIndex subjects;
    private final Map<SecurityLabels, List<ResolvedRule>> selecting = new HashMap<>();
    private final Map<Alike, Keyed> groups = new HashMap<>();
    private final SortedMap<String, ClassDraft> drafts = new TreeMap<>();
    private final SortedMap<String, String> endpointKeys = new TreeMap<>();
    private final Set<PolicyId> overfull = new HashSet<>();

    RulePlanning(RuleInputs inputs, CompiledRules before) {
        this.inputs = inputs;
        this.before = before;
        this.peers = new CompiledRules.Peers(inputs.identities(), inputs.services(), inputs.cidrGroups());
        this.portsOfPeers = NamedPorts.byIdentity(inputs.endpoints());
        boolean samePeers = peers.equals(before.peers());
        var resolver = new PeerResolver(inputs);
        this.subjects = new SubjectIndex(inputs.policies().stream()
                .flatMap(policy -> resolve(policy, samePeers, resolver).stream())
                .toList());
    }

    /** The same objects as before where they mean the same, so that classes are easily seen not to have changed. */
    private List<ResolvedRule> resolve(ParsedPolicy policy, boolean samePeers, PeerResolver resolver) {
        var known = before.resolved().get(policy.id());
        if (known == null || !samePeers || !known.policy().equals(policy)) {
            var rules = policy.rules().stream()
                    .map(rule -> ResolvedRule.of(rule, resolver))
                    .toList();
            known = known != null && known.rules().equals(rules)
                    ? new CompiledRules.Resolved(policy, known.rules())
                    : new CompiledRules.Resolved(policy, rules);
        }
        resolved.put(policy.id(), known);
        return known.rules();
    }

    CompiledRules plan() {
        draft();
        var numbers = numbers();
        var classes = new TreeMap<Integer, ClassPlan>();
        var ruleSets = new TreeMap<Integer, List<RequestMatch>>();
        drafts.forEach((key, draft) -> {
            var planned = classPlan(key, draft, numbers, ruleSets);
            classes.put(planned.number(), planned);
        });
        var plan =
                new RulePlan(classes, endpointClasses(numbers), ruleSets, policyClasses(numbers), verdicts(), numbers);
        return new CompiledRules(plan, peers, resolved, portsOfPeers, fitted);
    }

    private void draft() {
        var ofPeers = NamedPorts.ofPeers(portsOfPeers);
        for (var endpoint : inputs.endpoints()) {
            var found = groups.computeIfAbsent(
                    new Alike(endpoint.labels(), endpoint.namedPorts()), _ -> Keyed.of(rulesFor(endpoint), endpoint));
            if (found.enforced()) {
                endpointKeys.put(endpoint.podUid(), found.key());
                drafts.computeIfAbsent(found.key(), key -> fitting(key, found.group(), ofPeers));
            }
        }
    }

    /** Endpoints of these are in one group. */
    private record Alike(SecurityLabels labels, SortedSet<NamedPort> namedPorts) {}

    private record Keyed(ClassGroup group, String key, boolean enforced) {
        static Keyed of(List<ResolvedRule> rules, RuleEndpoint endpoint) {
            var group = ClassGroup.of(rules, endpoint);
            return new Keyed(
                    group, group.key(), group.isEnforced(Direction.INGRESS) || group.isEnforced(Direction.EGRESS));
        }
    }

    private ClassDraft fitting(String key, ClassGroup group, NamedPorts ofPeers) {
        var known = before.fitted().get(key);
        var result = known != null
                        && known.group().equals(group)
                        && (!group.namesPortsOfPeers() || portsOfPeers.equals(before.portsOfPeers()))
                ? known
                : FittedClass.of(group, ofPeers);
        fitted.put(key, result);
        overfull.addAll(result.leftOut());
        return result.draft();
    }

    private List<ResolvedRule> rulesFor(RuleEndpoint endpoint) {
        return selecting.computeIfAbsent(endpoint.labels(), subjects::matching);
    }

    /** A function of the keys alone, so that a replica that has just started numbers as the others do. */
    private SortedMap<String, Integer> numbers() {
        var keys = drafts.values().stream().flatMap(ClassDraft::keys).collect(Collectors.toSet());
        var known = before.plan().numbers();
        return keys.equals(known.keySet()) ? known : StableNumbers.assign(keys);
    }

    private ClassPlan classPlan(
            String key, ClassDraft draft, Map<String, Integer> numbers, Map<Integer, List<RequestMatch>> ruleSets) {
        draft.slots().forEach((name, slot) -> ruleSets.put(numbers.get(name), slot.requests()));
        var known = before.fitted().get(key);
        return known != null
                        && known.draft() == draft
                        && numbers == before.plan().numbers()
                ? Objects.requireNonNull(before.plan().classes().get(numbers.get(key)))
                : draft.plan(numbers);
    }

    private SortedMap<String, Integer> endpointClasses(Map<String, Integer> numbers) {
        var classes = new TreeMap<String, Integer>();
        for (var endpoint : inputs.endpoints()) {
            var number =
                    Optional.ofNullable(endpointKeys.get(endpoint.podUid())).map(numbers::get);
            classes.put(endpoint.podUid(), number.orElse(RulePlan.ALLOW_ALL));
        }
        return classes;
    }

    private SortedMap<PolicyId, SortedSet<Integer>> policyClasses(Map<String, Integer> numbers) {
        var classes = new TreeMap<PolicyId, SortedSet<Integer>>();
        drafts.forEach((key, draft) -> draft.group()
                .policies()
                .forEach(policy -> classes.computeIfAbsent(policy, _ -> new TreeSet<>())
                        .add(Objects.requireNonNull(numbers.get(key)))));
        return classes;
    }

    private List<PolicyVerdict> verdicts() {
        return inputs.policies().stream()
                .map(policy -> PolicyVerdicts.of(policy, overfull.contains(policy.id())))
                .toList();
    }
}
