// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.crd.CiliumL2AnnouncementPolicy;
import dev.kumo.l2announcer.model.ConditionView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.SelectorView;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads policies into the model. Stateless. */
public final class PolicyReader {
    private PolicyReader() {}

    public static PolicyView policy(CiliumL2AnnouncementPolicy policy) {
        var spec = Optional.ofNullable(policy.getSpec());
        return new PolicyView(
                policy.getMetadata().getName(),
                Objects.requireNonNullElse(policy.getMetadata().getGeneration(), 0L),
                selector(spec.map(s -> s.serviceSelector()).orElse(null)),
                selector(spec.map(s -> s.nodeSelector()).orElse(null)),
                spec.map(s -> s.interfaces()).orElseGet(List::of),
                spec.map(s -> s.externalIPs()).orElse(false),
                spec.map(s -> s.loadBalancerIPs()).orElse(false),
                Optional.ofNullable(policy.getStatus()).map(status -> status.conditions()).orElseGet(List::of).stream()
                        .map(PolicyReader::condition)
                        .toList());
    }

    static ConditionView condition(Condition condition) {
        return new ConditionView(
                condition.getType(),
                condition.getStatus(),
                Objects.requireNonNullElse(condition.getObservedGeneration(), 0L),
                Objects.requireNonNullElse(condition.getReason(), ""),
                Objects.requireNonNullElse(condition.getMessage(), ""));
    }

    private static SelectorView selector(@Nullable LabelSelector selector) {
        if (selector == null) {
            return new SelectorView(new TreeMap<>(), List.of());
        }
        var labels = selector.getMatchLabels();
        var expressions = selector.getMatchExpressions();
        return new SelectorView(
                labels == null ? new TreeMap<>() : new TreeMap<>(labels),
                expressions == null
                        ? List.of()
                        : expressions.stream()
                                .map(expression -> new SelectorView.Expression(
                                        Objects.requireNonNullElse(expression.getKey(), ""),
                                        Objects.requireNonNullElse(expression.getOperator(), ""),
                                        Objects.requireNonNullElse(expression.getValues(), List.of())))
                                .toList());
    }
}
