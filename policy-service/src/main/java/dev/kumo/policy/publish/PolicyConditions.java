// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.plan.rule.PolicyVerdict;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.StateItem;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What condition {@code Valid} says: a policy is valid once nodes have made it true.
 *
 * <p>The nodes that matter are those that are Ready, connected and have an endpoint of the policy when it is edited; later
 * coming and going changes nothing. One that refuses makes it False with its reason. Ten seconds after the edit a silent node
 * no longer holds it back, if another has acknowledged. A condition found on an object at first sight, as after a restart,
 * stands until nodes have spoken. Planning thread only.
 */
final class PolicyConditions {
    static final Duration SILENT = Duration.ofSeconds(10);

    private final Map<PolicyId, Enforcement> enforcements = new HashMap<>();
    private Optional<Duration> nextCheck = Optional.empty();

    /** @param verdicts one a policy, of the plan that {@code rules} were made of */
    List<PolicyState> states(
            Collection<PolicyView> policies,
            Collection<PolicyVerdict> verdicts,
            RuleItems rules,
            NodePresence nodes,
            NodeAnswers answers,
            Instant now) {
        var byPolicy = verdicts.stream().collect(Collectors.toMap(PolicyVerdict::policy, Function.identity()));
        enforcements.keySet().retainAll(byPolicy.keySet());
        nextCheck = Optional.empty();
        return policies.stream()
                .flatMap(policy ->
                        Optional.ofNullable(byPolicy.get(policy.policy().id()))
                                .map(verdict -> state(policy, verdict, rules, nodes, answers, now))
                                .stream())
                .toList();
    }

    /** When something changes by time alone. */
    Optional<Duration> nextCheck() {
        return nextCheck;
    }

    private PolicyState state(
            PolicyView policy,
            PolicyVerdict verdict,
            RuleItems rules,
            NodePresence nodes,
            NodeAnswers answers,
            Instant now) {
        var progress = enforcement(policy, now);
        if (!verdict.valid()) {
            return PolicyState.refused(policy, verdict.reason(), verdict.message());
        }
        var items = rules.of(policy.policy().id());
        if (items.isEmpty()) {
            progress.settle();
            return PolicyState.valid(policy, joined(verdict.message(), "selects no endpoint"));
        }
        observe(progress, items, nodes, answers, now);
        var refusal = refusal(policy.policy().id(), rules, answers);
        if (refusal.isPresent()) {
            return PolicyState.refused(
                    policy, refusal.get().reason().name(), refusal.get().message());
        }
        var message = joined(verdict.message(), progress.describe());
        var silentAt = progress.since().plus(SILENT);
        if (progress.isComplete() || (progress.isBegun() && !silentAt.isAfter(now))) {
            progress.settle();
            return PolicyState.valid(policy, message);
        }
        checkAt(silentAt, now);
        boolean found = policy.condition()
                .filter(condition -> !condition.reason().equals(PolicyState.PENDING))
                .isPresent();
        return PolicyState.pending(policy, message, found && !progress.overruling());
    }

    private Enforcement enforcement(PolicyView policy, Instant now) {
        return enforcements.compute(policy.policy().id(), (_, before) -> {
            if (before != null && before.isOf(policy.uid(), policy.generation())) {
                return before;
            }
            boolean edited = before != null && before.isOf(policy.uid());
            return new Enforcement(policy.uid(), policy.generation(), edited, now);
        });
    }

    private void observe(
            Enforcement progress, List<StateItem> items, NodePresence nodes, NodeAnswers answers, Instant now) {
        progress.retain(nodes.known());
        if (progress.nodes().isEmpty()) {
            progress.choose(
                    audience(items).stream()
                            .filter(nodes.ready()::contains)
                            .filter(node -> answers.isSubscribed(node)
                                    || nodes.reporting().contains(node))
                            .toList(),
                    now);
        }
        for (var node : progress.nodes()) {
            if (progress.isWaiting(node) && items.stream().allMatch(item -> isApplied(node, item, answers))) {
                progress.applied(node);
            }
        }
    }

    /** Nodes that one of them is for, sorted: classes and rule sets name theirs. */
    private static SortedSet<String> audience(Collection<StateItem> items) {
        var nodes = new TreeSet<String>();
        items.forEach(item -> nodes.addAll(item.audience().nodes()));
        return nodes;
    }

    private static boolean isApplied(String node, StateItem item, NodeAnswers answers) {
        return !item.audience().includes(node) || answers.applied(node, item);
    }

    /** The first one, by node and entry. */
    private static Optional<ItemRefusal> refusal(PolicyId policy, RuleItems rules, NodeAnswers answers) {
        var caused = rules.causedBy(policy);
        return audience(caused).stream()
                .filter(answers::hasSpoken)
                .flatMap(node -> caused.stream()
                        .filter(item -> item.audience().includes(node))
                        .flatMap(item -> answers.refusal(node, item).stream())
                        .map(refusal -> new ItemRefusal(
                                refusal.key(), refusal.reason(), "node %s: %s".formatted(node, refusal.message()))))
                .findFirst();
    }

    private void checkAt(Instant at, Instant now) {
        if (at.isAfter(now)) {
            var delay = Duration.between(now, at);
            nextCheck =
                    nextCheck.filter(earlier -> earlier.compareTo(delay) <= 0).or(() -> Optional.of(delay));
        }
    }

    private static String joined(String note, String text) {
        return note.isEmpty() ? text : note + "; " + text;
    }
}
