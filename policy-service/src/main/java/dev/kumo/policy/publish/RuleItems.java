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
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The feed's entries of a rule plan, each for the nodes that need it, and which of them speak of whom. Immutable once made.
 */
final class RuleItems {
    static final String CLASSES = "classes";
    static final String RULE_SETS = "rule_sets";
    static final RuleItems NOTHING = new RuleItems(RulePlan.NOTHING);

    /** Of a class or rule set: all that its item is made of. */
    private record Made(Object planned, SortedSet<String> nodes, StateItem item, Set<Integer> named) {
        boolean isOf(Object other, SortedSet<String> otherNodes) {
            return planned.equals(other) && nodes.equals(otherNodes);
        }
    }

    private final RulePlan plan;
    private final SortedMap<Integer, StateItem> classes = new TreeMap<>();
    private final SortedMap<Integer, StateItem> ruleSets = new TreeMap<>();
    private final Map<Integer, List<StateItem>> naming = new HashMap<>();
    private final Map<ItemKey, Made> made = new HashMap<>();

    private RuleItems(RulePlan plan) {
        this.plan = plan;
    }

    /**
     * @param nodes where each pod is, by UID; of every pod that the plan knows
     * @param before whose entries are taken over where nothing has changed
     */
    static RuleItems of(RulePlan plan, Map<String, String> nodes, RuleItems before) {
        var items = new RuleItems(plan);
        var classNodes = new TreeMap<Integer, SortedSet<String>>();
        plan.endpointClasses()
                .forEach((pod, number) -> classNodes
                        .computeIfAbsent(number, _ -> new TreeSet<>())
                        .add(Objects.requireNonNull(nodes.get(pod))));
        var ruleSetNodes = new TreeMap<Integer, SortedSet<String>>();
        plan.classes().forEach((number, planned) -> {
            var own = Objects.requireNonNull(classNodes.get(number), "a class is planned for its endpoints");
            items.addClass(planned, own, before);
            planned.slots()
                    .forEach(slot -> ruleSetNodes
                            .computeIfAbsent(slot.ruleSet(), _ -> new TreeSet<>())
                            .addAll(own));
        });
        ruleSetNodes.forEach((number, own) -> {
            var requests = plan.ruleSets().getOrDefault(number, List.of());
            var made = items.make(new ItemKey(RULE_SETS, Integer.toString(number)), requests, own, before, key -> {
                var message = RuleMapper.ruleSet(number, requests);
                return new Made(
                        requests, own, StateItem.of(key.table(), key.key(), message, Audience.of(own)), Set.of());
            });
            items.ruleSets.put(number, made.item());
        });
        return items;
    }

    private Made make(
            ItemKey key, Object planned, SortedSet<String> nodes, RuleItems before, Function<ItemKey, Made> making) {
        var known = before.made.get(key);
        var result = known != null && known.isOf(planned, nodes) ? known : making.apply(key);
        made.put(key, result);
        return result;
    }

    private void addClass(ClassPlan planned, SortedSet<String> nodes, RuleItems before) {
        var result = make(
                new ItemKey(CLASSES, Integer.toString(planned.number())),
                planned,
                nodes,
                before,
                key -> classItem(key, planned, nodes));
        classes.put(planned.number(), result.item());
        result.named()
                .forEach(number ->
                        naming.computeIfAbsent(number, _ -> new ArrayList<>()).add(result.item()));
    }

    private static Made classItem(ItemKey key, ClassPlan planned, SortedSet<String> nodes) {
        var message = RuleMapper.policyClass(planned, 0);
        var item = StateItem.of(
                key.table(),
                key.key(),
                message.toBuilder().setRevision(revision(message)).build(),
                Audience.of(nodes));
        var named = new HashSet<Integer>();
        planned.entries().forEach(entry -> {
            if (entry.key().peer() instanceof EntryPeer.Identity(int number)) {
                named.add(number);
            }
        });
        return new Made(planned, nodes, item, named);
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
