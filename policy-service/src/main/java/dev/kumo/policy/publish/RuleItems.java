// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.plan.rule.ClassPlan;
import dev.kumo.policy.plan.rule.EntryPeer;
import dev.kumo.policy.plan.rule.PolicySlot;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.policy.publish.rule.RuleMapper;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The feed's entries of a rule plan, each for the nodes that need it, and which of them speak of whom. Immutable once made.
 */
final class RuleItems {
    static final String CLASSES = "classes";
    static final String RULE_SETS = "rule_sets";
    static final RuleItems NOTHING = new RuleItems(RulePlan.NOTHING);

    private final RulePlan plan;
    private final SortedMap<Integer, StateItem> classes = new TreeMap<>();
    private final SortedMap<Integer, StateItem> ruleSets = new TreeMap<>();
    private final Map<Integer, List<StateItem>> naming = new HashMap<>();

    private RuleItems(RulePlan plan) {
        this.plan = plan;
    }

    /** @param nodes where each pod is, by UID; of every pod that the plan knows */
    static RuleItems of(RulePlan plan, Map<String, String> nodes) {
        var items = new RuleItems(plan);
        var classNodes = new TreeMap<Integer, SortedSet<String>>();
        plan.endpointClasses()
                .forEach((pod, number) -> classNodes
                        .computeIfAbsent(number, _ -> new TreeSet<>())
                        .add(Objects.requireNonNull(nodes.get(pod))));
        var ruleSetNodes = new TreeMap<Integer, SortedSet<String>>();
        plan.classes().forEach((number, planned) -> {
            var own = Objects.requireNonNull(classNodes.get(number), "a class is planned for its endpoints");
            items.addClass(planned, own);
            planned.slots()
                    .forEach(slot -> ruleSetNodes
                            .computeIfAbsent(slot.ruleSet(), _ -> new TreeSet<>())
                            .addAll(own));
        });
        ruleSetNodes.forEach((number, own) -> {
            var message = RuleMapper.ruleSet(number, plan.ruleSets().getOrDefault(number, List.of()));
            items.ruleSets.put(number, StateItem.of(RULE_SETS, Integer.toString(number), message, Audience.of(own)));
        });
        return items;
    }

    private void addClass(ClassPlan planned, Collection<String> nodes) {
        var message = RuleMapper.policyClass(planned, 0);
        var item = StateItem.of(
                CLASSES,
                Integer.toString(planned.number()),
                message.toBuilder().setRevision(revision(message)).build(),
                Audience.of(nodes));
        classes.put(planned.number(), item);
        var named = new HashSet<Integer>();
        planned.entries().forEach(entry -> {
            if (entry.key().peer() instanceof EntryPeer.Identity(int number)) {
                named.add(number);
            }
        });
        named.forEach(
                number -> naming.computeIfAbsent(number, _ -> new ArrayList<>()).add(item));
    }

    /**
     * A hash of what the class decides, so that every replica gives it the same, a restarted one too, with nothing to
     * remember. Whoever compares revisions asks only whether they differ; a class that becomes again what it was judges
     * again as it did.
     */
    private static long revision(PolicyClass message) {
        var verdicts = message.toBuilder();
        verdicts.getEntriesBuilderList().forEach(PolicyEntry.Builder::clearDerivedFrom);
        long hash = ContentHash.of(ContentHash.serialize(verdicts.build()));
        return hash == 0 ? 1 : hash;
    }

    Stream<StateItem> all() {
        return Stream.concat(classes.values().stream(), ruleSets.values().stream());
    }

    /** The class of a pod; 0 for one that no policy selects. */
    int classOf(String podUid) {
        return plan.endpointClasses().getOrDefault(podUid, RulePlan.ALLOW_ALL);
    }

    /** The classes that have a rule for this peer. */
    List<StateItem> naming(int identity) {
        return naming.getOrDefault(identity, List.of());
    }

    /** All that must be applied for the policy to be in force. */
    List<StateItem> of(PolicyId policy) {
        return classesOf(policy)
                .flatMap(planned -> Stream.concat(
                        Stream.of(Objects.requireNonNull(classes.get(planned.number()))),
                        planned.slots().stream()
                                .map(PolicySlot::ruleSet)
                                .distinct()
                                .map(number -> Objects.requireNonNull(ruleSets.get(number)))))
                .toList();
    }

    /** What of it the policy is a cause of, sorted by key: its classes, and the rule sets that its own rules are part of. */
    Collection<StateItem> causedBy(PolicyId policy) {
        var caused = new TreeMap<ItemKey, StateItem>();
        classesOf(policy).forEach(planned -> {
            var own = Objects.requireNonNull(classes.get(planned.number()));
            caused.put(own.key(), own);
            var slots = new HashSet<Integer>();
            planned.entries().stream()
                    .filter(entry -> entry.slot() != 0 && entry.derivedFrom().contains(policy))
                    .forEach(entry -> slots.add(entry.slot()));
            planned.slots().stream()
                    .filter(slot -> slots.contains(slot.number()))
                    .map(slot -> Objects.requireNonNull(ruleSets.get(slot.ruleSet())))
                    .forEach(item -> caused.put(item.key(), item));
        });
        return caused.values();
    }

    private Stream<ClassPlan> classesOf(PolicyId policy) {
        return plan.policyClasses().getOrDefault(policy, new TreeSet<>()).stream()
                .map(number -> Objects.requireNonNull(plan.classes().get(number)));
    }
}
