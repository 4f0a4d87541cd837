// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PolicyId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A class that a policy map has room for. Where all of its policies together come to more entries, those with the most of their
 * own are left out, one after the other, until the rest fits: they allow nothing, deny by default and keep their denies. If
 * that doesn't help either, nothing passes. It depends on what is written alone, never on what was in force before: replicas
 * agree, and a deny that somebody adds to another policy takes effect.
 *
 * @param group as it was asked for
 * @param leftOut policies that are too large
 */
record FittedClass(ClassGroup group, ClassDraft draft, Set<PolicyId> leftOut) {
    static FittedClass of(ClassGroup group, NamedPorts ofPeers) {
        var rest = group;
        var draft = ClassDraft.of(rest, ofPeers);
        var leftOut = new HashSet<PolicyId>();
        if (draft.isTooLarge()) {
            for (var policy : largestFirst(group, ofPeers)) {
                leftOut.add(policy);
                rest = rest.failingClosed(policy);
                draft = ClassDraft.of(rest, ofPeers);
                if (!draft.isTooLarge()) {
                    return new FittedClass(group, draft, leftOut);
                }
            }
            leftOut.addAll(group.policies());
            draft = ClassDraft.denyAll(rest);
        }
        return new FittedClass(group, draft, leftOut);
    }

    private record Sized(PolicyId policy, int entries) {}

    /** Those that allow anything, by the entries that each comes to alone; by name where these are equally many. */
    private static List<PolicyId> largestFirst(ClassGroup group, NamedPorts ofPeers) {
        return group.policies().stream()
                .filter(group::allowsBy)
                .map(policy -> new Sized(
                        policy,
                        ClassDraft.of(group.only(policy), ofPeers).entries().size()))
                .sorted(Comparator.comparingInt(Sized::entries).reversed().thenComparing(Sized::policy))
                .map(Sized::policy)
                .toList();
    }
}
