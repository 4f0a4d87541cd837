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
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                drafts.computeIfAbsent(group.key(), key -> ClassDraft.of(group, ofPeers));
            }
        }
    }

    private List<ResolvedRule> rulesFor(RuleEndpoint endpoint) {
        return selecting.computeIfAbsent(endpoint.labels(), subjects::matching);
    }

    /**
     * A function of the keys alone, so that a replica that has just started numbers as the others do; but a class that stays
     * as it was keeps its own and those of its slots.
     */
    private SortedMap<String, Integer> numbers() {
        var keys = drafts.values().stream().flatMap(ClassDraft::keys).collect(Collectors.toCollection(TreeSet::new));
        var before = drafts.values().stream()
                .filter(ClassDraft::isTooLarge)
                .flatMap(draft -> previous(draft).stream())
                .flatMap(plan -> Stream.concat(
                        Stream.of(plan.number()), plan.slots().stream().map(PolicySlot::number)))
                .collect(Collectors.toSet());
        var kept = new TreeMap<String, Integer>();
        inputs.previous().numbers().forEach((key, number) -> {
            if (before.contains(number)) {
                kept.put(key, number);
            }
        });
        keys.addAll(kept.keySet());
        return StableNumbers.assign(keys, kept);
    }

    private Optional<ClassPlan> previous(ClassDraft draft) {
        var number = inputs.previous().numbers().get(draft.group().key());
        return number == null
                ? Optional.empty()
                : Optional.ofNullable(inputs.previous().classes().get(number));
    }

    private ClassPlan classPlan(
            ClassDraft draft, Map<String, Integer> numbers, Map<Integer, List<RequestMatch>> ruleSets) {
        if (!draft.isTooLarge()) {
            draft.slots().forEach((key, slot) -> ruleSets.put(numbers.get(key), slot.requests()));
            return draft.plan(numbers);
        }
        overfull.addAll(draft.group().policies());
        var before = previous(draft);
        before.stream()
                .flatMap(plan -> plan.slots().stream())
                .forEach(slot -> ruleSets.put(
                        slot.ruleSet(), inputs.previous().ruleSets().get(slot.ruleSet())));
        return before.orElseGet(() -> draft.denyAll(numbers));
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
