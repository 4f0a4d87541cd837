// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.HolderList;
import java.util.List;
import java.util.stream.Collectors;

/** Prints a plan as YAML, one line a fact, for people to compare. */
final class PlanText {
    private PlanText() {}

    static String of(AnnouncementPlan plan) {
        var text = new StringBuilder("leases:\n");
        for (var group : plan.groups()) {
            for (var lease : group.leases()) {
                text.append("  %s: {service: %s, %s}\n"
                        .formatted(
                                lease.lease(),
                                lease.service(),
                                group.outdated() ? "newTermAbove: " + group.above() : "written: false"));
                text.append(lists(lease.lists()));
            }
        }
        plan.restored()
                .forEach((name, assignment) -> text.append("  %s: {service: %s, restoredUnder: %d}\n"
                                .formatted(name, assignment.service(), assignment.term()))
                        .append(lists(assignment.lists())));
        text.append("withdrawn: %s\n".formatted(plan.withdrawn()));
        text.append("announcements:\n");
        plan.announcements()
                .forEach((address, announcement) -> text.append("  %s: {term: %d, holders: %s, answered: %s}\n"
                        .formatted(
                                address,
                                announcement.term(),
                                announcement.list().nodes(),
                                announcement.answered())));
        text.append("policies:\n");
        plan.conditions().forEach((policy, conditions) -> {
            text.append("  %s:\n".formatted(policy));
            conditions.forEach(condition -> text.append("    %s: {status: %s, reason: %s, message: \"%s\"}\n"
                    .formatted(condition.type(), condition.status(), condition.reason(), condition.message())));
        });
        text.append("problems:\n");
        plan.problems()
                .forEach(problem -> text.append("  - {object: %s, reason: %s, message: \"%s\"}\n"
                        .formatted(problem.object(), problem.reason(), problem.message())));
        return text.toString();
    }

    private static String lists(List<HolderList> lists) {
        return lists.stream()
                .map(list -> "    %s: [%s]\n"
                        .formatted(
                                list.address(),
                                list.holders().stream()
                                        .map(holder -> "%s %s %s"
                                                .formatted(
                                                        holder.node(),
                                                        holder.nodeAddress(),
                                                        String.join("+", holder.interfaces())))
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining());
    }
}
