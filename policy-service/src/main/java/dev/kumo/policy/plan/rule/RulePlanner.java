// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

/**
 * Compiles policies into classes: what each endpoint's peers may send to it and get from it.
 *
 * <p>Allows are a union; a deny beats every allow, whatever is more specific. Where a flow is allowed with HTTP rules and
 * without, it is allowed without. Numbers depend only on what they stand for, so that replicas agree.
 * The result does not depend on the order of the inputs. Stateless; any thread.
 */
public final class RulePlanner {
    public RulePlan plan(RuleInputs inputs) {
        return plan(inputs, CompiledRules.NOTHING).plan();
    }

    /** @param before any plan, best the last: it decides what need not be computed again, never the result */
    public CompiledRules plan(RuleInputs inputs, CompiledRules before) {
        return new RulePlanning(inputs, before).plan();
    }
}
