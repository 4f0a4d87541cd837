// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.ConditionView;
import dev.kumo.l2announcer.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What policies are told of themselves. The first three types are Cilium's: True with reason {@code error} while something is
 * wrong, False once it no longer is, absent if it never was.
 */
public final class PolicyConditions {
    private static final Map<AnnouncementReason, String> FAULTS = new TreeMap<>(Map.of(
            AnnouncementReason.BAD_NODE_SELECTOR, "io.cilium/bad-node-selector",
            AnnouncementReason.BAD_SERVICE_SELECTOR, "io.cilium/bad-service-selector",
            AnnouncementReason.BAD_INTERFACE_REGEX, "io.cilium/bad-interface-regex"));
    private static final String ANNOUNCED = "kumo.dev/Announced";
    private static final int NAMED = 3;

    private final SortedMap<String, List<ConditionView>> all = new TreeMap<>();
    private final SortedSet<String> outdated = new TreeSet<>();
    private final List<AnnouncementProblem> problems;
    private final SortedMap<ServiceRef, Coverage> covered;
    private final SortedMap<IPAddress, Announcement> announcements;

    PolicyConditions(
            List<Policy> policies,
            List<AnnouncementProblem> problems,
            SortedMap<ServiceRef, Coverage> covered,
            SortedMap<IPAddress, Announcement> announcements) {
        this.problems = problems.stream().sorted().toList();
        this.covered = covered;
        this.announcements = announcements;
        policies.forEach(this::add);
    }

    /** Types that are ours. */
    public static Set<String> types() {
        var types = new TreeSet<>(FAULTS.values());
        types.add(ANNOUNCED);
        return types;
    }

    SortedMap<String, List<ConditionView>> all() {
        return Collections.unmodifiableSortedMap(all);
    }

    SortedSet<String> outdated() {
        return Collections.unmodifiableSortedSet(outdated);
    }

    private void add(Policy policy) {
        var conditions = new ArrayList<ConditionView>();
        FAULTS.forEach((reason, type) -> {
            var fault = policy.faults().get(reason);
            boolean before = policy.view().conditions().stream()
                    .anyMatch(condition -> condition.type().equals(type));
            if (fault != null) {
                conditions.add(condition(policy, type, true, "error", fault));
            } else if (before) {
                conditions.add(condition(policy, type, false, "error", ""));
            }
        });
        conditions.add(announced(policy));
        all.put(policy.name(), List.copyOf(conditions));
        var present = policy.view().conditions().stream()
                .filter(condition -> types().contains(condition.type()))
                .toList();
        if (!Set.copyOf(present).equals(Set.copyOf(conditions))) {
            outdated.add(policy.name());
        }
    }

    private ConditionView announced(Policy policy) {
        if (!policy.isFollowed()) {
            return announced(policy, false, "invalid", "the policy is not followed; what was announced stays as it is");
        }
        var refused =
                problems.stream().filter(problem -> concerns(problem, policy)).toList();
        if (!refused.isEmpty()) {
            var texts = refused.stream()
                    .map(problem -> problem.object() + ": " + problem.message())
                    .toList();
            return announced(policy, false, refused.getFirst().reason().text(), some(texts, "; "));
        }
        var addresses = new TreeSet<IPAddress>();
        int services = 0;
        for (var coverage : covered.values()) {
            var named = named(coverage, policy);
            addresses.addAll(named);
            services += named.isEmpty() ? 0 : 1;
        }
        var waiting = addresses.stream()
                .filter(address -> !isAnswered(announcements.get(address)))
                .map(Object::toString)
                .toList();
        return waiting.isEmpty()
                ? announced(
                        policy,
                        true,
                        "announced",
                        "addresses: %d, of Services: %d".formatted(addresses.size(), services))
                : announced(
                        policy,
                        false,
                        "pending",
                        "%d of %d addresses are answered; waiting: %s"
                                .formatted(addresses.size() - waiting.size(), addresses.size(), some(waiting, ", ")));
    }

    private static boolean isAnswered(@Nullable Announcement announcement) {
        return announcement != null && announcement.answered();
    }

    private boolean concerns(AnnouncementProblem problem, Policy policy) {
        return covered.values().stream()
                .filter(coverage -> coverage.policies().contains(policy))
                .anyMatch(coverage ->
                        problem.object().equals("Service " + coverage.service().ref()));
    }

    private static List<IPAddress> named(Coverage coverage, Policy policy) {
        return coverage.addresses().entrySet().stream()
                .filter(entry -> entry.getValue().contains(policy))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String some(List<String> texts, String separator) {
        var first = String.join(separator, texts.subList(0, Math.min(NAMED, texts.size())));
        return texts.size() <= NAMED ? first : first + " and %d more".formatted(texts.size() - NAMED);
    }

    private static ConditionView announced(Policy policy, boolean status, String reason, String message) {
        return condition(policy, ANNOUNCED, status, reason, message);
    }

    private static ConditionView condition(Policy policy, String type, boolean status, String reason, String message) {
        return new ConditionView(type, status ? "True" : "False", policy.view().generation(), reason, message);
    }
}
