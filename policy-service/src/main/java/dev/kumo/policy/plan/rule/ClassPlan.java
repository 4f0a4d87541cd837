// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import java.util.List;

/**
 * The rules of endpoints that share them. A flow is looked up among the entries of its peer first, then among those for any
 * peer; within either the longest match (protocol before any protocol, longer port prefix first) is the verdict. No match
 * means denied. The peer of an address outside the cluster is the longest block of the class that holds it, in each direction
 * by itself, and identity 2 (world) if none does.
 *
 * @param enforceIngress false: every incoming flow passes, and no entry speaks of it
 * @param enforceEgress the same, outgoing
 * @param entries sorted
 * @param slots by number
 */
public record ClassPlan(
        int number, boolean enforceIngress, boolean enforceEgress, List<PolicyEntry> entries, List<PolicySlot> slots) {
    /** Entries that the kernel takes for one class. */
    public static final int CAPACITY = 16_384;

    public ClassPlan {
        entries = entries.stream().sorted().toList();
        slots = slots.stream().sorted().toList();
    }
}
