// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.List;

/**
 * A policy and what is wrong with it.
 *
 * @param rules to be enforced; a rule with a refused field is among them, without its allows
 * @param notes of what its author may not expect, though it is valid
 */
public record ParsedPolicy(PolicyId id, List<PolicyRule> rules, List<RuleProblem> problems, List<String> notes) {
    public ParsedPolicy {
        rules = List.copyOf(rules);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }
}
