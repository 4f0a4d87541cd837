// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleProblem;
import java.util.stream.Collectors;

/** Says of a policy whether it is valid, and why not. */
final class PolicyVerdicts {
    /** A condition's message is read by people. */
    private static final int MOST_PROBLEMS = 5;

    private PolicyVerdicts() {}

    static PolicyVerdict of(ParsedPolicy policy, boolean overfull) {
        if (!policy.problems().isEmpty()) {
            return new PolicyVerdict(
                    policy.id(), false, policy.problems().getFirst().kind().reason(), problems(policy));
        }
        if (overfull) {
            return new PolicyVerdict(
                    policy.id(),
                    false,
                    "PolicyMapFull",
                    "the policies of some of its endpoints come to more than %d entries: what this one allows them is left out"
                            .formatted(ClassPlan.CAPACITY));
        }
        return new PolicyVerdict(policy.id(), true, "Accepted", String.join("; ", policy.notes()));
    }

    private static String problems(ParsedPolicy policy) {
        var shown = policy.problems().stream()
                .limit(MOST_PROBLEMS)
                .map(RuleProblem::toString)
                .collect(Collectors.joining("; "));
        int more = policy.problems().size() - MOST_PROBLEMS;
        return more > 0 ? shown + "; and %d more".formatted(more) : shown;
    }
}
