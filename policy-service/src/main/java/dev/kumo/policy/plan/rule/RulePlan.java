// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.RequestMatch;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What rules mean for each endpoint.
 *
 * @param classes by number; class 0, which allows everything, is not among them
 * @param endpointClasses class number by pod UID, of every endpoint
 * @param ruleSets HTTP rules by number: those of a slot have the slot's number. None means that nothing passes
 * @param policyClasses which classes a policy takes part in; a policy that selects no endpoint is absent
 * @param verdicts one a policy, sorted
 * @param numbers what classes and slots stand for → their number
 */
public record RulePlan(
        SortedMap<Integer, ClassPlan> classes,
        SortedMap<String, Integer> endpointClasses,
        SortedMap<Integer, List<RequestMatch>> ruleSets,
        SortedMap<PolicyId, SortedSet<Integer>> policyClasses,
        List<PolicyVerdict> verdicts,
        SortedMap<String, Integer> numbers) {
    /** The number of the class that allows everything. */
    public static final int ALLOW_ALL = 0;

    /** Before the first plan. */
    public static final RulePlan NOTHING = new RulePlan(
            new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of(), new TreeMap<>());

    public RulePlan {
        classes = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Integer, ClassPlan>) classes));
        endpointClasses = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Integer>) endpointClasses));
        ruleSets = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Integer, List<RequestMatch>>) ruleSets));
        policyClasses =
                Collections.unmodifiableSortedMap(new TreeMap<>((Map<PolicyId, SortedSet<Integer>>) policyClasses));
        verdicts = verdicts.stream().sorted().toList();
        numbers = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Integer>) numbers));
    }
}
