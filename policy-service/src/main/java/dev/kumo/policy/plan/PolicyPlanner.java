// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

/**
 * Computes the policy feed: which labels make up which pod's identity, which number it has, whose address is whose.
 *
 * <p>A pod's identity is its object's number once that object has been seen, never before. A pod that is gone keeps its
 * identity as long as its node reports it. The result does not depend on the order of the inputs. Stateless; any thread.
 */
public final class PolicyPlanner {
    public PolicyPlan plan(PolicyInputs inputs) {
        return new PolicyPlanning(inputs).plan();
    }
}
