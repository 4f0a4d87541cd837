// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.Direction;
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

/** One run of the planner. */
final class RulePlanning {
    private final RuleInputs inputs;
    private final SubjectIndex subjects;
    private final Map<SecurityLabels, List<ResolvedRule>> selecting = new HashMap<>();
    private final SortedMap<String, ClassDraft> drafts = new TreeMap<>();
    private final SortedMap<String, String> endpointKeys = new TreeMap<>();
    private final Set<PolicyId> overfull = new HashSet<>();

    RulePlanning(RuleInputs inputs) {
        this.inputs = inputs;
        var resolver = new PeerResolver(inputs);
        this.subjects = new SubjectIndex(inputs.policies().stream()
                .flatMap(policy -> policy.rules().stream())
                .map(rule -> ResolvedRule.of(rule, resolver))
                .toList());
    }

    RulePlan plan() {
        draft();
        var numbers = numbers();
        var classes = new TreeMap<Integer, ClassPlan>();
        var ruleSets = new TreeMap<Integer, List<RequestMatch>>();
        for (var draft : drafts.values()) {
            var planned = classPlan(draft, numbers, ruleSets);
            classes.put(planned.number(), planned);
        }
        return new RulePlan(classes, endpointClasses(numbers), ruleSets, policyClasses(numbers), verdicts(), numbers);
    }

    private void draft() {
        var ofPeers = NamedPorts.ofPeers(inputs.endpoints());
        for (var endpoint : inputs.endpoints()) {
            var group = ClassGroup.of(rulesFor(endpoint), endpoint);
            if (group.isEnforced(Direction.INGRESS) || group.isEnforced(Direction.EGRESS)) {
                endpointKeys.put(endpoint.podUid(), group.key());
                drafts.computeIfAbsent(group.key(), _ -> fitting(group, ofPeers));
            }
        }
    }

    private ClassDraft fitting(ClassGroup group, NamedPorts ofPeers) {
        var fitted = FittedClass.of(group, ofPeers);
        overfull.addAll(fitted.leftOut());
        return fitted.draft();
    }

    private List<ResolvedRule> rulesFor(RuleEndpoint endpoint) {
        return selecting.computeIfAbsent(endpoint.labels(), subjects::matching);
    }

    /** A function of the keys alone, so that a replica that has just started numbers as the others do. */
    private SortedMap<String, Integer> numbers() {
        return StableNumbers.assign(
                drafts.values().stream().flatMap(ClassDraft::keys).toList());
    }

    private static ClassPlan classPlan(
            ClassDraft draft, Map<String, Integer> numbers, Map<Integer, List<RequestMatch>> ruleSets) {
        draft.slots().forEach((key, slot) -> ruleSets.put(numbers.get(key), slot.requests()));
        return draft.plan(numbers);
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
