// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;

/** Prints a plan as YAML, one line a fact, for people to compare. */
final class AllocationText {
    private AllocationText() {}

    static String of(AllocationPlan plan) {
        var text = new StringBuilder("services:\n");
        plan.services().forEach((service, allocation) -> {
            text.append("  %s: {addresses: [%s], written: %s}\n"
                    .formatted(
                            service,
                            String.join(", ", allocation.ips()),
                            plan.outdatedServices().contains(service)));
            allocation.condition().ifPresent(condition -> text.append(condition(condition)));
        });
        text.append("pools:\n");
        plan.pools().forEach((pool, allocation) -> {
            text.append("  %s: {total: %s, available: %s, used: %s, written: %s}\n"
                    .formatted(
                            pool,
                            allocation.total(),
                            allocation.available(),
                            allocation.used(),
                            plan.outdatedPools().contains(pool)));
            allocation.conditions().stream()
                    .filter(condition -> !condition.status().equals("Unknown"))
                    .forEach(condition -> text.append(condition(condition)));
        });
        text.append("problems:\n");
        plan.problems()
                .forEach(problem -> text.append("  - {object: %s, reason: %s, message: \"%s\"}\n"
                        .formatted(problem.object(), problem.reason(), problem.message())));
        return text.toString();
    }

    private static String condition(ConditionView condition) {
        return "    %s: {status: %s, reason: %s, message: \"%s\"}\n"
                .formatted(condition.type(), condition.status(), condition.reason(), condition.message());
    }
}
